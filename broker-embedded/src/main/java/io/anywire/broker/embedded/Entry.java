package io.anywire.broker.embedded;

import io.anywire.broker.Message;

/**
 * A message in a backlog, or in flight.
 *
 * @param sequence its place in the order of publication
 * @param priority the message's, 0 to 9
 * @param attempts outcomes so far
 * @param crashes deliveries that ended in none
 */
record Entry(long sequence, Message message, int priority, int attempts, int crashes) {
  /** One that was never delivered. */
  Entry(long sequence, Message message) {
    this(sequence, message, message.priority(), 0, 0);
  }

  Entry retried() {
    return new Entry(sequence, message, priority, attempts + 1, crashes);
  }

  Entry crashed() {
    return new Entry(sequence, message, priority, attempts, crashes + 1);
  }
}
