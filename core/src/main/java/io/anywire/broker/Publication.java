package io.anywire.broker;

import java.time.Duration;

/**
 * A message and where it goes. Immutable.
 *
 * @param delay how long it rests before it is delivered, by the broker's clock; 0 or more
 */
public record Publication(Topic topic, Message message, Duration delay) {

  public Publication {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: " + delay + " (expected: >= 0)");
    }
  }

  /** To be delivered at once. */
  public Publication(Topic topic, Message message) {
    this(topic, message, Duration.ZERO);
  }
}
