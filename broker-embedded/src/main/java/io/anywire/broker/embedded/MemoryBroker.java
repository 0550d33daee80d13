package io.anywire.broker.embedded;

import io.anywire.broker.Broker;
import io.anywire.broker.Capabilities;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetter;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One holder's view of a {@link MemoryStore}: closing it ends what was opened through it. */
final class MemoryBroker implements Broker {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;
  private static final Duration LONGEST_DELAY = Duration.ofDays(365);

  private static final CompletionStage<Void> TAKEN = CompletableFuture.completedStage(null);

  private final MemoryStore store;
  private final Runnable release;
  private final Capabilities capabilities;
  private final Set<MemorySubscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final Set<MemoryInbox> inboxes = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  MemoryBroker(MemoryStore store, Runnable release) {
    this.store = store;
    this.release = release;
    this.capabilities = of(store);
  }

  private static Capabilities of(MemoryStore store) {
    Set<Capability> all = EnumSet.allOf(Capability.class);
    all.remove(Capability.DURABLE);
    if (!store.remembers()) {
      all.remove(Capability.REPLAY);
    }
    return new Capabilities(all, MAX_MESSAGE_BYTES, Optional.empty(), LONGEST_DELAY);
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletionStage<Void> publish(Publication publication) {
    Topic topic = publication.topic();
    try {
      checkOpen();
      checkSize(publication.message());
      checkDelay(publication.delay());
      boolean taken = store.topic(topic).publish(publication.message(), publication.delay());
      if (!taken && topic.kind() == Topic.Kind.CALLS) {
        throw Status.UNAVAILABLE
            .withDescription("nobody serves " + topic.name() + " on this broker")
            .asRuntimeException();
      }
      return TAKEN;
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Subscription subscribe(
      Topic topic, String name, SubscribeOptions options, Consumer<Delivery> receiver) {
    checkOpen();
    topic.requireSubscription(name);
    store.requireMemoryFor(options.start());
    MemorySubscription subscription =
        new MemorySubscription(
            store.topic(topic).subscribed(name, options.start()),
            options.maxInFlight(),
            receiver,
            subscriptions::remove);
    subscriptions.add(subscription);
    subscription.start();
    checkStillOpen(subscription::close);
    return subscription;
  }

  @Override
  public DeadLetters deadLetters(Topic topic, String subscription) {
    checkOpen();
    return new DeadLettersOf(store.topic(topic), subscription);
  }

  @Override
  public Inbox openInbox(InboxReceiver receiver) {
    checkOpen();
    MemoryInbox inbox = new MemoryInbox(store, receiver, inboxes::remove);
    inboxes.add(inbox);
    checkStillOpen(inbox::close);
    return inbox;
  }

  @Override
  public void send(String inbox, Message message) {
    checkOpen();
    checkSize(message);
    MemoryInbox to = store.inboxes().get(inbox);
    if (to != null) {
      to.receive(message);
    }
  }

  @Override
  public Results results() {
    checkOpen();
    return store.results();
  }

  @Override
  public Operations operations() {
    checkOpen();
    return new MemoryOperations(store, inboxes);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      subscriptions.forEach(MemorySubscription::close);
      inboxes.forEach(MemoryInbox::close);
      release.run();
    }
  }

  private void checkOpen() {
    if (closed.get()) {
      throw Status.UNAVAILABLE.withDescription("the broker has been closed").asRuntimeException();
    }
  }

  /** What was opened while {@link #close} ran may have been missed by it. */
  private void checkStillOpen(Runnable closing) {
    if (closed.get()) {
      closing.run();
      checkOpen();
    }
  }

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

  private static void checkDelay(Duration delay) {
    if (delay.compareTo(LONGEST_DELAY) > 0) {
      throw Status.INVALID_ARGUMENT
          .withDescription("delay: " + delay + " (expected: <= " + LONGEST_DELAY + ")")
          .asRuntimeException();
    }
  }

  /** Of a subscription that may be made later; looking at its dead letters does not make it. */
  private record DeadLettersOf(MemoryTopic topic, String subscription) implements DeadLetters {
    @Override
    public List<DeadLetter> list(int max) {
      return topic.backlog(subscription).map(b -> b.deadLetters().list(max)).orElse(List.of());
    }

    @Override
    public int replay(Predicate<DeadLetter> which) {
      return topic.backlog(subscription).map(b -> b.deadLetters().replay(which)).orElse(0);
    }

    @Override
    public int purge(Predicate<DeadLetter> which) {
      return topic.backlog(subscription).map(b -> b.deadLetters().purge(which)).orElse(0);
    }
  }
}
