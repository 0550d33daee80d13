package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Stages.done;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Delivery;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Where one test takes place: a broker to talk to, topics that nobody else has, and what the test
 * has opened, which is closed after it. Thread-safe.
 */
public final class Scene {
  /** What may be in flight where a test says nothing. */
  static final int IN_FLIGHT = 10;

  /** A subscription that the test had to do with. */
  record Used(Topic topic, String subscription) {}

  private final BrokerEngine engine;
  private final Set<Used> used = ConcurrentHashMap.newKeySet();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedDeque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();
  private final Broker broker;

  Scene(BrokerEngine engine) {
    this.engine = engine;
    this.broker = another();
  }

  /** The broker. */
  public Broker broker() {
    return broker;
  }

  /** The same broker as another process would have opened it. */
  public Broker another() {
    Anywire process = Anywire.builder().application("suite").build();
    opened.addFirst(process);
    return process.broker(engine.url());
  }

  /** The URL of the broker. */
  public String url() {
    return engine.url();
  }

  /** The engine. */
  BrokerEngine engine() {
    return engine;
  }

  /** Whether the broker can do that. */
  public boolean can(Capability capability) {
    return broker.capabilities().has(capability);
  }

  /** A queue that nobody else has. */
  public Topic queue() {
    return noted(Topic.queue(Messages.fresh("queue")), Topic.WORKERS);
  }

  /** An event topic that nobody else has. */
  public Topic events() {
    return Topic.events(Messages.fresh("events"));
  }

  /** A queue of calls that nobody else has. */
  public Topic calls() {
    return noted(Topic.calls(Messages.fresh("calls")), Topic.WORKERS);
  }

  /** Subscribes to a queue, and settles what is delivered as told. */
  public Received work(Topic queue, Outcome... outcomes) {
    return listen(queue, Topic.WORKERS, outcomes);
  }

  /** The same for a subscription of events. */
  public Received listen(Topic topic, String subscription, Outcome... outcomes) {
    Received received = new Received(outcomes);
    Subscription unused = subscribe(topic, subscription, received);
    return received;
  }

  /** The same in order. */
  Received listenInOrder(Topic topic, String subscription, Outcome... outcomes) {
    Received received = new Received(outcomes);
    Subscription unused = subscribe(broker, topic, subscription, ordered(IN_FLIGHT), received);
    return received;
  }

  /** Subscribes. */
  public Subscription subscribe(Topic topic, String name, Consumer<Delivery> receiver) {
    return subscribe(broker, topic, name, SubscribeOptions.inFlight(IN_FLIGHT), receiver);
  }

  /** The same at one of the brokers, to a queue. */
  Subscription subscribe(Broker at, Topic queue, Consumer<Delivery> receiver) {
    return subscribe(at, queue, Topic.WORKERS, SubscribeOptions.inFlight(IN_FLIGHT), receiver);
  }

  /** Subscribes at one of the brokers. The receiver is watched. */
  public Subscription subscribe(
      Broker at, Topic topic, String name, SubscribeOptions options, Consumer<Delivery> receiver) {
    Topic unused = noted(topic, name);
    Watched watched =
        new Watched(receiver, options.maxInFlight(), c -> complaints.add(c + " from " + topic));
    Subscription subscription = watched.around(at.subscribe(topic, name, options, watched));
    opened.addFirst(subscription);
    return subscription;
  }

  /** Options that ask for order. */
  public static SubscribeOptions ordered(int maxInFlight) {
    return new SubscribeOptions(maxInFlight, true, SubscribeOptions.NOW);
  }

  /** Opens an inbox. */
  public Inbox inbox(InboxReceiver receiver) {
    Inbox inbox = broker.openInbox(receiver);
    opened.addFirst(inbox);
    return inbox;
  }

  /** Publishes messages with these texts, and waits until the broker has them. */
  public void publish(Topic topic, String... texts) {
    publish(topic, List.of(texts).stream().map(Messages::message).toList());
  }

  /** Publishes messages, and waits until the broker has them. */
  public void publish(Topic topic, List<Message> messages) {
    List<CompletionStage<Void>> stages =
        messages.stream().map(message -> broker.publish(topic, message)).toList();
    stages.forEach(Stages::done);
  }

  /** Publishes a message that rests. */
  void publishLater(Topic topic, Message message, Duration delay) {
    done(broker.publish(new Publication(topic, message, delay)));
  }

  private Topic noted(Topic topic, String subscription) {
    used.add(new Used(topic, subscription));
    return topic;
  }

  /** Subscriptions that the test had to do with. */
  Set<Used> used() {
    return Set.copyOf(used);
  }

  /** What was wrong with deliveries. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Closes all that was opened, the last first. */
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }
}
