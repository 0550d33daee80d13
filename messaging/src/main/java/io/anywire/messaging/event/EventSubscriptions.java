package io.anywire.messaging.event;

import static java.util.stream.Collectors.toSet;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Message;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.Topic;
import io.anywire.contract.EventTopic;
import io.anywire.contract.MethodContract;
import io.anywire.contract.ServiceContract;
import io.anywire.messaging.deliver.Ending;
import io.anywire.messaging.deliver.Purpose;
import io.anywire.messaging.deliver.Worker;
import io.anywire.messaging.envelope.Envelope;
import io.anywire.messaging.envelope.Lacking;
import io.anywire.messaging.envelope.Note;
import io.anywire.wire.ServedMethod;
import io.anywire.wire.Services;
import java.util.Map;
import java.util.Set;
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
  public static void check(
      Services services, Broker broker, Anywire anywire, Start start, String url) {
    for (ServiceContract service : services.contract().services()) {
      if (!service.events()) {
        continue;
      }
      requireName(service, anywire, url);
      if (!start.equals(SubscribeOptions.NOW)) {
        String what = service.name() + ": its subscription is to begin in the past";
        Lacking.requireAtStart(broker, Capability.REPLAY, what, url);
      }
      for (MethodContract method : service.methods()) {
        checkOrder(method, broker, url);
      }
    }
  }

  /** Subscribes, handing every worker to {@code started} as soon as it runs. */
  public static void start(
      Services services,
      Broker broker,
      Anywire anywire,
      int inFlight,
      Start start,
      Consumer<? super Worker> started) {
    Set<String> ordered = ordered(services);
    byTopic(services)
        .forEach((topic, methods) ->
            started.accept(
                new Worker(
                    broker,
                    Topic.events(topic),
                    anywire.application(),
                    methods,
                    new Subscribed(broker, anywire.application()),
                    new SubscribeOptions(inFlight, ordered.contains(topic), start))));
  }

  private static void requireName(ServiceContract service, Anywire anywire, String url) {
    if (anywire.applicationName().isEmpty()) {
      throw new IllegalArgumentException(
          service.name()
              + ": to subscribe at "
              + url
              + " the application needs a name (expected: Anywire.builder().application(\"orders\")"
              + " or -Danywire.application=orders)");
    }
  }

  private static void checkOrder(MethodContract method, Broker broker, String url) {
    EventTopic topic = method.event().orElseThrow();
    if (topic.orderingKey().isPresent()) {
      Lacking.requireAtStart(broker, Capability.ORDERED, needsOrder(method), url);
    }
    if (topic.holdsKey()) {
      String what = method.eventType() + ": it holds_key";
      Lacking.requireAtStart(broker, Capability.HOLDING, what, url);
    }
  }

  /** What needs order, and why. */
  static String needsOrder(MethodContract method) {
    return method.eventType() + ": it has an ordering_key";
  }

  private static Set<String> ordered(Services services) {
    return services.contract().services().stream()
        .flatMap(service -> service.methods().stream())
        .flatMap(method -> method.event().stream())
        .filter(event -> event.orderingKey().isPresent())
        .map(EventTopic::topic)
        .collect(toSet());
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

  /** Notes the outcomes of events whose publisher wants to know. */
  private record Subscribed(Broker broker, String subscription) implements Purpose {
    @Override
    public boolean events() {
      return true;
    }

    @Override
    public CompletionStage<Boolean> mayStart(Message message) {
      return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<Void> beforeSettling(Ending ending) {
      Message event = ending.message();
      if (!event.headers().containsKey(Envelope.TRACKED)
          || !broker.capabilities().has(Capability.RESULTS)) {
        return CompletableFuture.completedFuture(null);
      }
      Note note = EventOutcome.of(ending).note(event.id(), event.type());
      return broker
          .results()
          .put(
              EventOutcome.place(event.id(), subscription),
              note.toMessage(subscription),
              ending.policy().keepResult());
    }
  }
}
