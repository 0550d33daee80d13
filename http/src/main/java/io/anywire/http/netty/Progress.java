package io.anywire.http.netty;

import java.time.Duration;

/**
 * Whether a transfer goes on: a span of time ends well as soon as {@value #LEAST} bytes have moved
 * in it, and then the next one begins. Used on one event loop only.
 */
final class Progress {
  /** So much has to move within a span. */
  static final int LEAST = 4 << 10;

  private final long spanNanos;
  private long since = System.nanoTime();
  private long before;

  /** A span begins; {@code moved} bytes have moved before. */
  Progress(Duration span, long moved) {
    this.spanNanos = ClientWatch.nanos(span);
    this.before = moved;
  }

  /** Nothing is due now: a new span begins. */
  void restart(long moved) {
    before = moved;
    since = System.nanoTime();
  }

  /** Whether the span is over and too little has moved. */
  boolean isLate(long moved) {
    if (moved - before >= LEAST) {
      restart(moved);
      return false;
    }
    return System.nanoTime() - since >= spanNanos;
  }
}
