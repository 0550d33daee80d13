package io.anywire.conformance.chaos;

import java.time.Duration;

/**
 * How long, and how much.
 *
 * @param duration how long faults are made; the round that has begun is finished
 * @param calm the longest pause between two faults; the shortest is a tenth of it
 * @param frozen how long a broker is frozen
 * @param down how long at most a killed broker stays away before it is started again
 * @param settling how long to wait at most until everything acknowledged is accounted for
 */
record Plan(Duration duration, Duration calm, Duration frozen, Duration down, Duration settling) {

  /** One fault of each kind. */
  static Plan brief() {
    return new Plan(
        Duration.ZERO,
        Duration.ofMillis(1_500),
        Duration.ofSeconds(2),
        Duration.ofMillis(500),
        Duration.ofMinutes(2));
  }

  /** Faults for so many minutes. */
  static Plan of(Duration duration) {
    return new Plan(
        duration,
        Duration.ofSeconds(5),
        Duration.ofSeconds(20),
        Duration.ofSeconds(2),
        Duration.ofMinutes(3));
  }
}
