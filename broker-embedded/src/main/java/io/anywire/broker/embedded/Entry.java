package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message in a backlog, or in flight. Knows of its message what is asked again and again, since
 * that would be looked up in maps that are in no cache by then.
 */
final class Entry {
  private final long sequence;
  private final Message message;
  private final @Nullable String key;
  private final int priority;
  private final int attempts;
  private final int crashes;
  private final int size;

  /** The one behind it, while it is in a {@link ReadyQueue}, to which this belongs. */
  @Nullable Entry next;

  /**
   * @param sequence its place in the order of publication
   * @param key the message's, if it has one
   * @param priority the message's, 0 to 9
   * @param attempts outcomes so far
   * @param crashes deliveries that ended in none
   * @param size how many bytes the message has, about
   */
  Entry(
      long sequence,
      Message message,
      @Nullable String key,
      int priority,
      int attempts,
      int crashes,
      int size) {
    this.sequence = sequence;
    this.message = message;
    this.key = key;
    this.priority = priority;
    this.attempts = attempts;
    this.crashes = crashes;
    this.size = size;
  }

  /** One that was delivered so often before. */
  Entry(long sequence, Message message, int attempts, int crashes) {
    this(
        sequence,
        message,
        message.key().orElse(null),
        message.priority(),
        attempts,
        crashes,
        message.payload().size());
  }

  /** One that was never delivered. */
  Entry(long sequence, Message message) {
    this(sequence, message, 0, 0);
  }

  long sequence() {
    return sequence;
  }

  Message message() {
    return message;
  }

  @Nullable String key() {
    return key;
  }

  int priority() {
    return priority;
  }

  int attempts() {
    return attempts;
  }

  int crashes() {
    return crashes;
  }

  int size() {
    return size;
  }

  Entry retried() {
    return new Entry(sequence, message, key, priority, attempts + 1, crashes, size);
  }

  Entry crashed() {
    return new Entry(sequence, message, key, priority, attempts, crashes + 1, size);
  }
}
