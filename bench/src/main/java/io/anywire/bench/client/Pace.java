package io.anywire.bench.client;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Begins things at a steady rate. */
public final class Pace {
  private Pace() {}

  /**
   * Begins so many a second. One that cannot begin in time is counted from when it should have, so
   * that a stall is seen by all that it holds up.
   *
   * @param begin takes the time at which it was to begin, as {@link System#nanoTime} tells; should
   *     not block
   */
  public static void keep(Duration length, int perSecond, LongConsumer begin) {
    long start = System.nanoTime();
    long count = length.toNanos() * perSecond / 1_000_000_000L;
    for (long i = 0; i < count; i++) {
      long due = start + i * 1_000_000_000L / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      begin.accept(due);
    }
  }
}
