package io.anywire.cli.demo;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what happens by an event, some time later. */
final class Waiting {
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private Waiting() {}

  /** Asks again and again, at most for {@link Way#LIMIT}; whether it has become true. */
  static boolean until(BooleanSupplier condition) {
    return until(PAUSE, condition);
  }

  /** The same with so many nanoseconds before the first question and between two. */
  static boolean until(long pause, BooleanSupplier condition) {
    LockSupport.parkNanos(pause);
    long end = System.nanoTime() + Way.LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(pause);
    }
    return true;
  }
}
