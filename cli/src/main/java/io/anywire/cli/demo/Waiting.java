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
    long end = System.nanoTime() + Way.LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE);
    }
    return true;
  }
}
