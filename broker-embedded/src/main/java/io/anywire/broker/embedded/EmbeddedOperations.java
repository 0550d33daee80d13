package io.anywire.broker.embedded;

import io.anywire.broker.Drain;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A look into a {@link Store}. */
final class EmbeddedOperations implements Operations {
  private final Store store;
  private final Set<EmbeddedInbox> opened;

  /**
   * @param opened what ends when the holder closes the broker
   */
  EmbeddedOperations(Store store, Set<EmbeddedInbox> opened) {
    this.store = store;
    this.opened = opened;
  }

  @Override
  public Set<Topic> topics() {
    return store.topics();
  }

  @Override
  public Set<String> subscriptions(Topic topic) {
    return store.subscriptions(topic);
  }

  @Override
  public SubscriptionState state(Topic topic, String subscription) {
    return store.state(topic, subscription);
  }

  @Override
  public List<Waiting> peek(Topic topic, String subscription, int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    return store.peek(topic, subscription, max);
  }

  @Override
  public long purge(Topic topic, String subscription) {
    return store.purge(topic, subscription);
  }

  @Override
  public long seek(Topic topic, String subscription, SubscribeOptions.Start to) {
    if (topic.kind() != Topic.Kind.EVENTS) {
      throw Status.INVALID_ARGUMENT
          .withDescription("seek: " + topic + " (expected: a topic of events)")
          .asRuntimeException();
    }
    return store.seek(topic, subscription, to);
  }

  @Override
  public Drain drain(Topic topic, String subscription, int most) {
    SubscriptionState unused = store.state(topic, subscription);
    return new EmbeddedDrain(store, topic, subscription);
  }

  @Override
  public CompletionStage<Void> put(Topic topic, String subscription, List<Stored> messages) {
    try {
      topic.requireSubscription(subscription);
      if (topic.kind() == Topic.Kind.CALLS) {
        throw Status.UNIMPLEMENTED
            .withDescription("calls are not kept, and so not put: " + topic)
            .asRuntimeException();
      }
      messages.forEach(one -> EmbeddedBroker.checkSize(one.message(), store.capabilities()));
      return CompletableFuture.allOf(
          messages.stream()
              .map(one -> store.put(topic, subscription, one).toCompletableFuture())
              .toArray(CompletableFuture[]::new));
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public Tail tail(Topic topic, Consumer<Message> receiver) {
    Set<EmbeddedInbox> tails = store.tails(topic);
    EmbeddedInbox inbox =
        new EmbeddedInbox(
            store.inboxes(),
            receiver::accept,
            closed -> {
              tails.remove(closed);
              opened.remove(closed);
            });
    opened.add(inbox);
    tails.add(inbox);
    return inbox::close;
  }

  static StatusRuntimeException missing(Topic topic) {
    return Status.NOT_FOUND.withDescription("no such topic: " + topic).asRuntimeException();
  }

  static StatusRuntimeException missing(Topic topic, String subscription) {
    return Status.NOT_FOUND
        .withDescription(topic + " has no subscription '" + subscription + "'")
        .asRuntimeException();
  }
}
