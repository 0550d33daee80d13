package io.anywire.conformance;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.remote.BrokerHandler;
import io.grpc.Channel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The conformance service on every wire at once: one handler, several URLs, and a channel to each
 * from a runtime of its own, as another process would have it.
 */
public final class Wires implements AutoCloseable {
  private final Anywire broker = Anywire.builder().application("conformance-broker").build();
  private final Anywire server = Anywire.builder().application("conformance").build();
  private final Anywire client = Anywire.builder().application("conformance-client").build();
  private final Map<String, Channel> channels = new LinkedHashMap<>();

  /**
   * Starts serving.
   *
   * @param brokers further brokers to serve on, by the name of their wire
   */
  public Wires(Map<String, String> brokers) {
    AnywireServer brokerServer =
        broker
            .server()
            .service(new BrokerHandler(broker.broker("memory:conformance-served")))
            .listen("http://127.0.0.1:0")
            .start();
    Map<String, String> urls = new LinkedHashMap<>();
    urls.put("memory", "memory:conformance");
    urls.put("anywire", brokerServer.urls().getFirst().withScheme("anywire").toString());
    urls.putAll(brokers);

    AnywireServer.Builder building =
        server
            .server()
            .service(new ConformanceHandler())
            .interceptor(Exchanged.INTERCEPTOR)
            .listen("http://127.0.0.1:0");
    urls.values().forEach(building::listen);
    AnywireServer serving = building.start();

    channels.put("http", client.channel(serving.urls().getFirst().toString()));
    channels.put("grpc", client.channel(serving.urls().getFirst().withScheme("grpc").toString()));
    urls.forEach((wire, url) -> channels.put(wire, client.channel(url)));
  }

  /** A channel for each wire, by the wire's name. */
  public Map<String, Channel> channels() {
    return Map.copyOf(channels);
  }

  @Override
  public void close() {
    client.close();
    server.close();
    broker.close();
  }
}
