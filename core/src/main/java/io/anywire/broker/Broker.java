package io.anywire.broker;

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
 *       the topic had, for as long as {@link Capabilities#durable} promises to keep it.
 *   <li>Failures are {@link io.grpc.StatusRuntimeException}s: {@code UNAVAILABLE} when the broker
 *       is gone (whether it took the message is then unknown), {@code RESOURCE_EXHAUSTED} when it
 *       is full or the message too large, {@code INVALID_ARGUMENT} for a name it cannot have.
 *   <li>A lost connection is restored, and subscriptions with it, without the caller's doing.
 *   <li>No callback runs in the thread of the method that registers it.
 * </ul>
 */
public interface Broker extends AutoCloseable {

  /** What this broker can do. */
  Capabilities capabilities();

  /**
   * Publishes a message; the result completes when the broker has taken responsibility for it.
   * Never blocks for longer than it takes to get a place in a bounded buffer.
   *
   * <p>On {@link Topic.Kind#CALLS} it fails {@code UNAVAILABLE} when nobody is subscribed.
   */
  CompletionStage<Void> publish(Topic topic, Message message);

  /**
   * Makes a subscription where it does not exist yet, and delivers its messages to {@code receiver}
   * until it is closed. Several processes may share one subscription: each message goes to one.
   *
   * @param name the subscription's name; for a queue or calls use {@link Topic#WORKERS}
   * @param maxInFlight how many messages at most are delivered and not yet settled; at least 1
   * @param receiver called one message at a time by a thread of the broker's; must not block
   */
  Subscription subscribe(Topic topic, String name, int maxInFlight, Consumer<Delivery> receiver);

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

  /** The driver's own object of that type, for what only this broker can do. */
  default <T> Optional<T> unwrap(Class<T> type) {
    return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
  }

  @Override
  void close();
}
