package io.anywire.http.hostile;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Does something again and again, as slowly as an attacker who wants to hold on to a server. */
final class Slowly {
  private static final long PAUSE_NANOS = Duration.ofMillis(40).toNanos();
  private static final long NOTHING_NANOS = Duration.ofMillis(1200).toNanos();
  private static final long LIMIT_NANOS = Duration.ofSeconds(10).toNanos();

  private Slowly() {}

  /** Does nothing for longer than the attacked server puts up with. */
  static void nothing() {
    LockSupport.parkNanos(NOTHING_NANOS);
  }

  /**
   * Goes on as long as {@code step} says so.
   *
   * @throws AssertionError when nothing has put an end to it
   */
  static void repeat(BooleanSupplier step) {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (step.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the server put up with it for " + LIMIT_NANOS / 1e9 + " s");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
