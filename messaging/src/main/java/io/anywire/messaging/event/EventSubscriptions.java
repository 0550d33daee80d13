package io.anywire.messaging.event;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Topic;
import io.anywire.contract.MethodContract;
import io.anywire.contract.ServiceContract;
import io.anywire.messaging.deliver.Ending;
import io.anywire.messaging.deliver.Purpose;
import io.anywire.messaging.deliver.Worker;
import io.anywire.wire.ServedMethod;
import io.anywire.wire.Services;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The subscriptions of an application: one for each topic that its event handlers need, named like
 * the application. Its instances share them, other applications have their own.
 */
public final class EventSubscriptions {
  private EventSubscriptions() {}

  /**
   * Checks that the broker can do what the contracts ask for, before anything is subscribed.
   *
   * @throws IllegalArgumentException naming contract element, URL and what is missing
   */
  public static void check(Services services, Broker broker, Anywire anywire, String url) {
    for (ServiceContract service : services.contract().services()) {
      if (service.events() && anywire.applicationName().isEmpty()) {
        throw new IllegalArgumentException(
            service.name()
                + ": to subscribe at "
                + url
                + " the application needs a name (expected: Anywire.builder().application(\"orders\")"
                + " or -Danywire.application=orders)");
      }
      for (MethodContract method : service.methods()) {
        boolean needsOrder = method.event().flatMap(e -> e.orderingKey()).isPresent();
        if (service.events() && needsOrder && !broker.capabilities().has(Capability.ORDERED)) {
          throw new IllegalArgumentException(lacksOrder(method, url));
        }
      }
    }
  }

  /** Subscribes, handing every worker to {@code started} as soon as it runs. */
  public static void start(
      Services services,
      Broker broker,
      Anywire anywire,
      int inFlight,
      Consumer<? super Worker> started) {
    byTopic(services)
        .forEach((topic, methods) ->
            started.accept(
                new Worker(
                    broker,
                    Topic.events(topic),
                    anywire.application(),
                    methods,
                    new Subscribed(),
                    inFlight)));
  }

  static String lacksOrder(MethodContract method, String url) {
    return method.eventType()
        + ": it has an ordering_key, and "
        + url
        + " lacks the capability 'ordered'";
  }

  private static Map<String, Map<String, ServedMethod<?, ?>>> byTopic(Services services) {
    Map<String, Map<String, ServedMethod<?, ?>>> topics = new TreeMap<>();
    for (ServiceContract service : services.contract().services()) {
      for (MethodContract method : service.methods()) {
        if (service.events()) {
          Map<String, ServedMethod<?, ?>> methods =
              topics.computeIfAbsent(
                  method.event().orElseThrow().topic(), topic -> new TreeMap<>());
          services
              .method(method.fullName())
              .ifPresent(served -> methods.put(method.eventType(), served));
        }
      }
    }
    return topics;
  }

  private record Subscribed() implements Purpose {
    @Override
    public boolean events() {
      return true;
    }

    @Override
    public CompletionStage<Void> beforeSettling(Ending ending) {
      return CompletableFuture.completedFuture(null);
    }
  }
}
