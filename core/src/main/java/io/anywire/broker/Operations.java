package io.anywire.broker;

import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A look into a broker and the means to set it right, for whoever operates it. Nothing here but
 * {@link #put} makes a topic or a subscription that is not there, or hands a message to anybody.
 * Blocking; thread-safe.
 *
 * <p>What an engine cannot do fails {@code UNIMPLEMENTED} naming what it lacks; a topic or
 * subscription that is not there {@code NOT_FOUND}.
 */
public interface Operations {

  /** Every topic, needs {@link Capability#LISTED}. */
  Set<Topic> topics();

  /**
   * The names of a topic's subscriptions, whether anybody is connected or not; none of a topic that
   * is not there. Needs {@link Capability#LISTED}.
   */
  Set<String> subscriptions(Topic topic);

  /** How much one subscription has. */
  SubscriptionState state(Topic topic, String subscription);

  /**
   * The first messages that a subscription waits to deliver, without taking them, in the order in
   * which they were published as far as the engine keeps one.
   *
   * @param max how many at most; at least 1
   */
  List<Waiting> peek(Topic topic, String subscription, int max);

  /**
   * Deletes everything that waits to be delivered. What is in flight, and the dead letters, stay.
   *
   * @return how many messages
   */
  long purge(Topic topic, String subscription);

  /**
   * Moves a subscription in time: what waits is let go, and it goes on with what was published from
   * there on, handled before or not. What is in flight, and the dead letters, stay. Of topics of
   * {@link Topic.Kind#EVENTS}; all but {@link SubscribeOptions#NOW} needs {@link
   * Capability#REPLAY}.
   *
   * @return how many messages wait now
   */
  long seek(Topic topic, String subscription, SubscribeOptions.Start to);

  /**
   * Shows copies of what is published to a topic from now on, at most once and as far as {@code
   * receiver} keeps up, until the result is closed.
   *
   * @param receiver called one message at a time by a thread of the broker's
   */
  Tail tail(Topic topic, Consumer<Message> receiver);

  /**
   * Begins to take out what a subscription has, to hand it over to another broker. Needs {@link
   * Capability#MOVABLE}.
   *
   * @param most how many messages {@link Drain#first} is asked for at most
   */
  default Drain drain(Topic topic, String subscription, int most) {
    throw Status.UNIMPLEMENTED
        .withDescription("the broker lacks the capability '" + Capability.MOVABLE + "'")
        .asRuntimeException();
  }

  /**
   * Puts messages into one subscription, and no other, as another broker had them: with their
   * attempts, to rest until they are due, or among the dead letters; the others stay in order.
   * Makes the topic and the subscription where they are not there. Needs {@link
   * Capability#MOVABLE}; of tasks and events.
   *
   * @return completes when the broker has taken responsibility for all; when it fails it may have
   *     some of them
   */
  default CompletionStage<Void> put(Topic topic, String subscription, List<Stored> messages) {
    return CompletableFuture.failedFuture(
        Status.UNIMPLEMENTED
            .withDescription("the broker lacks the capability '" + Capability.MOVABLE + "'")
            .asRuntimeException());
  }

  /** Ends what {@link #tail} began. Thread-safe; {@link #close} is idempotent. */
  interface Tail extends AutoCloseable {
    @Override
    void close();
  }
}
