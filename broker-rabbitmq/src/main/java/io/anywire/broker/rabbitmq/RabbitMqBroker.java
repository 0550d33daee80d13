package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Connection;
import io.anywire.broker.Broker;
import io.anywire.broker.Capabilities;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.Publication;
import io.anywire.broker.Results;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * RabbitMQ 3.10 or newer. Tasks and events are in quorum queues, calls in transient ones. What is
 * delayed, or waits for a retry, rests in {@link Delays}; ordering keys are kept by {@link
 * Partitions}.
 *
 * <p>It takes a connection to publish and another to consume: a broker that is short of memory
 * stops reading from those who publish, and must still hear acknowledgements. A third one reads,
 * since what can go wrong there costs the connection.
 *
 * <p>Beyond the guarantees of {@link Broker}: a name that is taken by a queue with other settings
 * fails {@code FAILED_PRECONDITION}; {@link #unwrap} gives the {@link Connection} that consumes.
 */
final class RabbitMqBroker implements Broker {
  /** What RabbitMQ 4 takes unless told otherwise, and less than RabbitMQ 3 does. */
  private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

  private static final Set<Capability> CAPABILITIES =
      Set.of(
          Capability.DURABLE,
          Capability.ORDERED,
          Capability.DELAYED,
          Capability.LISTED,
          Capability.MOVABLE,
          Capability.REPLIES,
          Capability.RESULTS);

  private final Settings settings;
  private final Capabilities capabilities;

  /** The straight ways to topics. */
  private final Map<Topic, Route> routes = new ConcurrentHashMap<>();

  private final ExecutorService callbacks;
  private final Link publishing;
  private final Link consuming;

  /** Reading a queue that is just being set up can cost the connection. */
  private final Link reading;

  private final Publisher publisher;
  private final SideChannel reader;

  /** For looking at what may not be there, which costs the channel. */
  private final SideChannel looking;

  private final Registry registry;
  private final QueueResults results;
  private final Handover handover;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RabbitMqBroker(
      Endpoint endpoint,
      Settings settings,
      ExecutorService callbacks,
      Link publishing,
      Link consuming,
      Link reading) {
    this.settings = settings;
    this.capabilities =
        new Capabilities(
            CAPABILITIES, MAX_MESSAGE_BYTES, settings.consumerTimeout(), Delays.LONGEST);
    this.callbacks = callbacks;
    this.publishing = publishing;
    this.consuming = consuming;
    this.reading = reading;
    this.publisher = new Publisher(publishing);
    this.reader = new SideChannel(reading);
    this.looking = new SideChannel(reading);
    this.registry =
        new Registry(() -> endpoint.connect("registry", callbacks, new Cork()), reading);
    this.results = new QueueResults(reading, publisher);
    this.handover = new Handover(publisher, registry, looking, consuming, settings.partitions());
  }

  /**
   * Connects.
   *
   * @throws StatusRuntimeException {@code UNAVAILABLE}, {@code UNAUTHENTICATED} or {@code
   *     PERMISSION_DENIED}, within seconds
   */
  static RabbitMqBroker open(Endpoint endpoint, Settings settings) {
    ExecutorService callbacks =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("anywire-rabbitmq-callback-", 0).factory());
    List<Link> links = new ArrayList<>();
    try {
      for (String purpose : List.of("publisher", "consumer", "reader")) {
        links.add(new Link(endpoint, purpose, callbacks));
      }
    } catch (StatusRuntimeException e) {
      links.forEach(Link::close);
      throw e;
    }
    RabbitMqBroker broker =
        new RabbitMqBroker(endpoint, settings, callbacks, links.get(0), links.get(1), links.get(2));
    try {
      broker.publishing.moveIn(broker.registry);
      return broker;
    } catch (StatusRuntimeException e) {
      broker.close();
      throw e;
    }
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletionStage<Void> publish(Publication publication) {
    Topic topic = publication.topic();
    Message message = publication.message();
    try {
      checkSize(message);
      checkDelay(publication.delay());
      Route straight = straight(topic);
      boolean returnable = straight.ifReturned().isPresent() || publication.delay().isPositive();
      BasicProperties properties =
          topic.kind() == Topic.Kind.EVENTS
              ? CloudEventsBinding.properties(message, true, returnable)
              : CloudEventsBinding.terse(message, topic.kind() == Topic.Kind.QUEUE, returnable);
      return publisher.publish(
          Outgoing.toTopic(
              publication,
              straight,
              properties,
              message.payload().toByteArray(),
              settings.partitions()),
          publication.patience());
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Route straight(Topic topic) {
    Route known = routes.get(topic);
    if (known != null) {
      return known;
    }
    Route route = Route.to(topic);
    if (topic.kind() != Topic.Kind.CALLS) {
      registry.note(topic);
    }
    routes.put(topic, route);
    return route;
  }

  @Override
  public Subscription subscribe(
      Topic topic, String name, SubscribeOptions options, Consumer<Delivery> receiver) {
    if (!options.start().equals(SubscribeOptions.NOW)) {
      throw Errors.unimplemented("RabbitMQ lacks the capability '" + Capability.REPLAY + "'");
    }
    if (options.ordered() && topic.kind() != Topic.Kind.EVENTS) {
      throw Errors.unimplemented(
          "RabbitMQ lacks the capability '" + Capability.ORDERED + "' for " + topic);
    }
    Subscription made = subscribed(Backlog.of(topic, name), options, receiver);
    registry.noted(topic, name).join();
    return made;
  }

  private Subscription subscribed(
      Backlog backlog, SubscribeOptions options, Consumer<Delivery> receiver) {
    Topic topic = backlog.topic();
    if (topic.kind() == Topic.Kind.EVENTS && options.ordered()) {
      var ordered =
          new OrderedSubscription(
              consuming,
              publisher,
              backlog,
              settings.partitions(),
              options.maxInFlight(),
              receiver,
              reader);
      try {
        consuming.moveIn(ordered);
        return ordered;
      } catch (StatusRuntimeException e) {
        ordered.stop();
        throw e;
      }
    }
    List<Declaration> needs =
        topic.kind() == Topic.Kind.EVENTS
            ? settings.partitions().together(backlog)
            : backlog.needs();
    var subscription =
        new QueueSubscription(
            consuming, publisher, backlog, needs, options.maxInFlight(), receiver);
    consuming.moveIn(subscription);
    return subscription;
  }

  @Override
  public DeadLetters deadLetters(Topic topic, String subscription) {
    Backlog backlog = Backlog.of(topic, subscription);
    return new QueueDeadLetters(backlog, reader, publisher);
  }

  @Override
  public Inbox openInbox(InboxReceiver receiver) {
    var inbox = new ReplyInbox(consuming, receiver);
    consuming.moveIn(inbox);
    return inbox;
  }

  @Override
  public void send(String inbox, Message message) {
    checkSize(message);
    BasicProperties properties = CloudEventsBinding.terse(message, false, false);
    CompletableFuture<Void> sent =
        publisher.publish(
            Outgoing.toInbox(inbox, properties, message.payload().toByteArray()),
            Publisher.PLACE_TIMEOUT);
    if (sent.isCompletedExceptionally()) {
      throw Errors.of(sent.exceptionNow());
    }
  }

  @Override
  public Results results() {
    return results;
  }

  @Override
  public Operations operations() {
    return new RabbitMqOperations(registry, looking, consuming, settings.partitions(), handover);
  }

  @Override
  public <T> Optional<T> unwrap(Class<T> type) {
    return type == Connection.class
        ? Optional.of(type.cast(consuming.current()))
        : Broker.super.unwrap(type);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    registry.close();
    consuming.closeTenants();
    publisher.close();
    consuming.close();
    reading.close();
    publishing.close();
    callbacks.shutdown();
  }

  private static void checkDelay(Duration delay) {
    if (delay.compareTo(Delays.LONGEST) > 0) {
      throw Errors.invalid("delay: " + delay + " (expected: <= " + Delays.LONGEST + ")");
    }
  }

  /**
   * Refuses what is too large: RabbitMQ would close the channel, and with it fail everything else
   * on the way.
   */
  static void checkSize(Message message) {
    if (message.payload().size() > MAX_MESSAGE_BYTES) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "payload: "
                  + message.payload().size()
                  + " bytes (expected: <= "
                  + MAX_MESSAGE_BYTES
                  + ")")
          .asRuntimeException();
    }
  }
}
