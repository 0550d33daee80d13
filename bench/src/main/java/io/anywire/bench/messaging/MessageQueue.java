package io.anywire.bench.messaging;

/**
 * One queue of an engine, with a consumer that settles each message by itself as soon as it has it.
 * Says what becomes of messages to the {@link Progress} that it was made with. Thread-safe.
 */
public interface MessageQueue {
  /**
   * Publishes, and tells when the message is as safe as the engine is set to make it. Blocks for no
   * longer than the engine does by itself.
   */
  void publish(Event event);
}
