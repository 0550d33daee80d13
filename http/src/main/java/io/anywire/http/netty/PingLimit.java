package io.anywire.http.netty;

import java.time.Duration;

/**
 * Tells when a client sends PINGs too often (gRFC A8): the third one in a row that comes sooner
 * after a tolerated one than the least interval, while nothing was answered in between, is one too
 * many. PINGs after an answer are free, since clients measure their bandwidth by them. For the
 * event loop only.
 */
final class PingLimit {
  private static final int TOLERATED = 2;

  private final long leastInterval;
  private long last;
  private boolean anyBefore;
  private int tooSoon;

  /**
   * @param leastInterval zero tolerates any number
   */
  PingLimit(Duration leastInterval) {
    this.leastInterval = leastInterval.toNanos();
  }

  /** Counts a PING that came at {@code now}, in nanoseconds; says whether it is one too many. */
  boolean isExceeded(long now) {
    if (!anyBefore || now - last >= leastInterval) {
      anyBefore = true;
      last = now;
      return false;
    }
    return ++tooSoon > TOLERATED;
  }

  /** Something was sent that a client may ask about. */
  void answered() {
    anyBefore = false;
    tooSoon = 0;
  }
}
