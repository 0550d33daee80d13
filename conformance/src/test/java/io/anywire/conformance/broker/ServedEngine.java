package io.anywire.conformance.broker;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.Broker;
import io.anywire.broker.remote.BrokerHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A broker that this process serves; knows what is open at it. */
final class ServedEngine implements BrokerEngine {
  private final Anywire anywire = Anywire.builder().application("broker").build();
  private final Map<String, Set<Object>> open = new ConcurrentHashMap<>();
  private final Runnable closed;
  private final AnywireServer server;

  /**
   * @param broker the URL of what is served, which is empty
   * @param closed called when it has ended for good
   */
  ServedEngine(String broker, Runnable closed) {
    this.closed = closed;
    this.server =
        anywire
            .server()
            .service(new BrokerHandler(watched(anywire.broker(broker))))
            .drainLimit(Duration.ofSeconds(1))
            .listen("grpc://127.0.0.1:0")
            .start();
  }

  @Override
  public String url() {
    return server.urls().getFirst().withScheme("anywire").toString();
  }

  @Override
  public List<String> leftovers() {
    List<String> left = new ArrayList<>();
    open.forEach((what, all) -> {
      if (!all.isEmpty()) {
        left.add(what + ": " + all.size());
      }
    });
    return left;
  }

  @Override
  public void close() {
    anywire.close();
    closed.run();
  }

  /** The same broker, but that what is opened at it is noted until it is closed. */
  private Broker watched(Broker broker) {
    return proxy(
        Broker.class,
        broker,
        (method, result) ->
            switch (method) {
              case "subscribe", "openInbox" -> {
                Set<Object> all = open.computeIfAbsent(method, m -> ConcurrentHashMap.newKeySet());
                all.add(result);
                Class<?> type = result.getClass().getInterfaces()[0];
                yield proxy(
                    type,
                    result,
                    (ending, nothing) -> {
                      if (ending.equals("close") || ending.equals("abandon")) {
                        all.remove(result);
                      }
                      return nothing;
                    });
              }
              default -> result;
            });
  }

  private interface After {
    Object call(String method, Object result);
  }

  private static <T> T proxy(Class<T> type, Object target, After after) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return after.call(method.getName(), method.invoke(target, arguments));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
