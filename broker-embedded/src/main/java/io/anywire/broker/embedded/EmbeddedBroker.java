package io.anywire.broker.embedded;

import io.anywire.broker.Broker;
import io.anywire.broker.Capabilities;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One holder's view of a {@link Store}: closing it ends what was opened through it. */
final class EmbeddedBroker implements Broker {
  private final Store store;
  private final Runnable release;
  private final Set<EmbeddedSubscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final Set<EmbeddedInbox> inboxes = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  EmbeddedBroker(Store store, Runnable release) {
    this.store = store;
    this.release = release;
  }

  @Override
  public Capabilities capabilities() {
    return store.capabilities();
  }

  @Override
  public CompletionStage<Void> publish(Publication publication) {
    try {
      checkOpen();
      checkSize(publication.message(), store.capabilities());
      checkDelay(publication.delay(), store.capabilities());
      return store.publish(publication);
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Subscription subscribe(
      Topic topic, String name, SubscribeOptions options, Consumer<Delivery> receiver) {
    checkOpen();
    topic.requireSubscription(name);
    EmbeddedSubscription subscription =
        new EmbeddedSubscription(
            store.deliverers(),
            store.subscribed(topic, name, options.start()),
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
    return store.deadLetters(topic, subscription);
  }

  @Override
  public Inbox openInbox(InboxReceiver receiver) {
    checkOpen();
    EmbeddedInbox inbox = new EmbeddedInbox(store.inboxes(), receiver, inboxes::remove);
    inboxes.add(inbox);
    checkStillOpen(inbox::close);
    return inbox;
  }

  @Override
  public void send(String inbox, Message message) {
    checkOpen();
    checkSize(message, store.capabilities());
    EmbeddedInbox to = store.inboxes().get(inbox);
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
    return new EmbeddedOperations(store, inboxes);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      subscriptions.forEach(EmbeddedSubscription::close);
      inboxes.forEach(EmbeddedInbox::close);
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

  static void checkSize(Message message, Capabilities capabilities) {
    int most = capabilities.maxMessageBytes();
    if (message.payload().size() > most) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "payload: %d bytes (expected: <= %d)".formatted(message.payload().size(), most))
          .asRuntimeException();
    }
  }

  private static void checkDelay(Duration delay, Capabilities capabilities) {
    if (delay.compareTo(capabilities.longestDelay()) > 0) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              "delay: " + delay + " (expected: <= " + capabilities.longestDelay() + ")")
          .asRuntimeException();
    }
  }
}
