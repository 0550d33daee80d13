package io.anywire.http.netty;

import java.time.Duration;

/** Whether something happens too often within a span of time. Used on one event loop only. */
final class Recurrence {
  private final int most;
  private final long spanNanos;
  private long since = System.nanoTime();
  private int count;

  Recurrence(int most, Duration span) {
    this.most = most;
    this.spanNanos = span.toNanos();
  }

  /** It has happened; whether that is more often than allowed since the span began. */
  boolean isTooMuch() {
    long now = System.nanoTime();
    if (now - since >= spanNanos) {
      since = now;
      count = 0;
    }
    return ++count > most;
  }
}
