package io.anywire.broker.embedded;

import io.anywire.broker.Message;

/**
 * A message in a backlog, or in flight.
 *
 * @param sequence its place in the order of publication
 * @param attempts outcomes so far
 * @param crashes deliveries that ended in none
 */
record Entry(long sequence, Message message, int attempts, int crashes) {
  Entry retried() {
    return new Entry(sequence, message, attempts + 1, crashes);
  }

  Entry crashed() {
    return new Entry(sequence, message, attempts, crashes + 1);
  }
}
