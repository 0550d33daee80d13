package io.anywire.conformance.chaos;

import java.util.concurrent.TimeUnit;

/**
 * Notices how long this process did not get to run, so that nobody else is blamed for it.
 * Thread-safe.
 */
final class Pulse implements AutoCloseable {
  private static final long BEAT_MILLIS = 20;
  private final Thread thread;
  private volatile long longestStall;

  private Pulse() {
    thread = Thread.ofPlatform().daemon().name("pulse").start(this::beat);
  }

  static Pulse start() {
    return new Pulse();
  }

  /** The longest so far, in nanoseconds. */
  long longestStall() {
    return longestStall;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void beat() {
    try {
      while (true) {
        long before = System.nanoTime();
        Thread.sleep(BEAT_MILLIS);
        long stall = System.nanoTime() - before - TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
        longestStall = Math.max(longestStall, stall);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
