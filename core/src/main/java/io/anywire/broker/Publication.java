package io.anywire.broker;

import java.time.Duration;

/**
 * A message and where it goes. Immutable.
 *
 * @param delay how long it rests before it is delivered, by the broker's clock; 0 or more
 * @param patience how long at most {@link Broker#publish} may wait for a place in a full buffer; a
 *     driver may give up sooner; and for how long at most a driver sends again what a broken
 *     connection left without an answer; 0 or more
 */
public record Publication(Topic topic, Message message, Duration delay, Duration patience) {
  private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(30);

  public Publication {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: " + delay + " (expected: >= 0)");
    }
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience: " + patience + " (expected: >= 0)");
    }
  }

  /** Waits for a place as long as the driver does. */
  public Publication(Topic topic, Message message, Duration delay) {
    this(topic, message, delay, LONGEST_PATIENCE);
  }

  /** To be delivered at once. */
  public Publication(Topic topic, Message message) {
    this(topic, message, Duration.ZERO);
  }

  /** The same with no more patience than that; none where it is negative. */
  public Publication within(Duration limit) {
    Duration shorter = limit.compareTo(patience) < 0 ? limit : patience;
    return new Publication(topic, message, delay, shorter.isNegative() ? Duration.ZERO : shorter);
  }
}
