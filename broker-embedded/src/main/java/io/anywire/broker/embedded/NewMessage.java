package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that is published, on its way into the state.
 *
 * @param nanos when it was, since 1970
 * @param due when it is to be delivered, in ms since 1970; 0 for at once
 * @param priority its own, 0 to 9
 * @param size in bytes, of its record where it was published here
 * @param message null while the journal is read again
 * @param key its own, if it has one and is there
 */
record NewMessage(
    long nanos, long due, int priority, int size, @Nullable Message message, @Nullable String key) {

  /** One whose record is read again. */
  NewMessage(long nanos, long due, int priority, int size) {
    this(nanos, due, priority, size, null, null);
  }

  /** As one of a subscription; it has to be there. */
  Entry entry(long sequence) {
    Message there = Objects.requireNonNull(message, "the journal is read again");
    return new Entry(sequence, there, key, priority, 0, 0, size);
  }

  /** Whether it may be delivered at once, with all others. */
  boolean isPlain() {
    return due == 0 && priority == Message.NORMAL_PRIORITY;
  }
}
