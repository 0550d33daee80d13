package io.anywire.broker;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A connection to a broker, or the broker itself where it is embedded.
 *
 * <p>Guarantees of every driver:
 *
 * <ul>
 *   <li>Thread-safe; {@link #close} is idempotent and ends everything opened through it.
 *   <li>What {@link #publish} acknowledged is delivered at least once to every subscription that
 *       the topic had, for as long as {@link Capability#DURABLE} promises to keep it.
 *   <li>Failures are {@link io.grpc.StatusRuntimeException}s: {@code UNAVAILABLE} when the broker
 *       is gone (whether it took the message is then unknown), {@code RESOURCE_EXHAUSTED} when it
 *       is full or the message too large, {@code INVALID_ARGUMENT} for a name it cannot have.
 *   <li>A lost connection is restored, and subscriptions with it, without the caller's doing.
 *   <li>No callback runs in the thread of the method that registers it.
 *   <li>A thread of the engine completes results, one after the other: what depends on a result
 *       must not block, or is given a thread of its own ({@code thenRunAsync}).
 * </ul>
 */
public interface Broker extends AutoCloseable {

  /** What this broker can do. */
  Capabilities capabilities();

  /** Publishes a message that is to be delivered at once; as {@link #publish(Publication)}. */
  default CompletionStage<Void> publish(Topic topic, Message message) {
    return publish(new Publication(topic, message));
  }

  /**
   * Publishes a message; the result completes when the broker has taken responsibility for it.
   * Never blocks for longer than it takes to get a place in a bounded buffer.
   *
   * <p>On {@link Topic.Kind#CALLS} it fails {@code UNAVAILABLE} when nobody is subscribed. A delay
   * needs {@link Capability#DELAYED}, and is refused {@code UNIMPLEMENTED} without it and {@code
   * INVALID_ARGUMENT} when longer than {@link Capabilities#longestDelay}; a message that rests is
   * as durable as any, is delivered no earlier than due by the broker's clock, and holds up
   * nothing.
   */
  CompletionStage<Void> publish(Publication publication);

  /**
   * Publishes several messages in one round trip where the engine has such a thing. Each has a
   * result of its own, in the same order: some may be taken and others not. What goes to one topic
   * stays in order.
   */
  default List<CompletionStage<Void>> publishAll(List<Publication> publications) {
    return publications.stream().map(this::publish).toList();
  }

  /** Subscribes without asking for order; as the other {@code subscribe}. */
  default Subscription subscribe(
      Topic topic, String name, int maxInFlight, Consumer<Delivery> receiver) {
    return subscribe(topic, name, SubscribeOptions.inFlight(maxInFlight), receiver);
  }

  /**
   * Makes a subscription where it does not exist yet, and delivers its messages to {@code receiver}
   * until it is closed. Several processes may share one subscription: each message goes to one.
   *
   * <p>With {@link Capability#ORDERED}, when the options ask for it: of the messages with one
   * ordering key one at a time is delivered, in order of publication, whichever process it goes to.
   * One that is to be retried keeps its place, and those behind it wait; other keys, and messages
   * without a key, go on. One that is given up lets the next come, unless its {@link
   * Outcome.Reject} holds the key.
   *
   * @param name the subscription's name; for a queue or calls use {@link Topic#WORKERS}
   * @param receiver called one message at a time by a thread of the broker's; must not block
   * @throws io.grpc.StatusRuntimeException {@code UNIMPLEMENTED} naming the capability that the
   *     options need and the broker lacks; {@code FAILED_PRECONDITION} when the broker has
   *     something of that name which is made differently
   */
  Subscription subscribe(
      Topic topic, String name, SubscribeOptions options, Consumer<Delivery> receiver);

  /** The dead letters of one subscription. */
  DeadLetters deadLetters(Topic topic, String subscription);

  /**
   * Opens a private inbox. What is sent to it is delivered at most once, and lost when the inbox or
   * its process is gone.
   */
  Inbox openInbox(InboxReceiver receiver);

  /** Sends to the inbox with that address, at most once; not acknowledged. */
  void send(String inbox, Message message);

  /** The results that are kept for whoever asks later. */
  Results results();

  /** A look into it and the means to set it right. */
  Operations operations();

  /** The driver's own object of that type, for what only this broker can do. */
  default <T> Optional<T> unwrap(Class<T> type) {
    return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
  }

  @Override
  void close();
}
