package io.anywire.broker.embedded;

import io.anywire.broker.Broker;
import io.anywire.broker.Capabilities;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One holder's view of a {@link MemoryStore}: closing it ends what was opened through it. */
final class MemoryBroker implements Broker {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;
  private static final Capabilities CAPABILITIES =
      new Capabilities(false, true, true, true, MAX_MESSAGE_BYTES);

  private final MemoryStore store;
  private final Runnable release;
  private final Set<MemorySubscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final Set<MemoryInbox> inboxes = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  MemoryBroker(MemoryStore store, Runnable release) {
    this.store = store;
    this.release = release;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public CompletionStage<Void> publish(Topic topic, Message message) {
    try {
      checkOpen();
      checkSize(message);
      boolean taken = false;
      for (Backlog backlog : store.backlogs(topic)) {
        if (topic.kind() != Topic.Kind.CALLS || backlog.hasConsumers()) {
          backlog.add(message);
          taken = true;
        }
      }
      if (!taken && topic.kind() == Topic.Kind.CALLS) {
        throw Status.UNAVAILABLE
            .withDescription("nobody serves " + topic.name() + " on this broker")
            .asRuntimeException();
      }
      return CompletableFuture.completedFuture(null);
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Subscription subscribe(
      Topic topic, String name, int maxInFlight, Consumer<Delivery> receiver) {
    checkOpen();
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: >= 1)");
    }
    MemorySubscription subscription =
        new MemorySubscription(
            store.backlog(topic, name), maxInFlight, receiver, subscriptions::remove);
    subscriptions.add(subscription);
    subscription.start();
    return subscription;
  }

  @Override
  public DeadLetters deadLetters(Topic topic, String subscription) {
    checkOpen();
    return store.backlog(topic, subscription).deadLetters();
  }

  @Override
  public Inbox openInbox(InboxReceiver receiver) {
    checkOpen();
    MemoryInbox inbox = new MemoryInbox(store, receiver, inboxes::remove);
    inboxes.add(inbox);
    return inbox;
  }

  @Override
  public void send(String inbox, Message message) {
    MemoryInbox to = store.inboxes().get(inbox);
    if (to != null) {
      to.receive(message);
    }
  }

  @Override
  public Results results() {
    return store.results();
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

  private static void checkSize(Message message) {
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
