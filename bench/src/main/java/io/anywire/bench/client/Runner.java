package io.anywire.bench.client;

import java.time.Duration;

/** What a subject that loads itself can be told to do. One run at a time. */
public interface Runner {
  /** Does as much as it can, and tells how much that was. */
  CallResult run(Duration length) throws InterruptedException;

  /**
   * Does it so often a second, whether the one before is over or not, and tells how long it took.
   */
  LatencyResult paced(Duration length, int perSecond) throws InterruptedException;

  /** As {@link #paced}, and of messages also how long it took until they were acknowledged. */
  default Receipts receipts(Duration length, int perSecond) throws InterruptedException {
    throw new UnsupportedOperationException("not measured");
  }

  /** Does it again whenever it is over, and tells how long it took. */
  LatencyResult alone(Duration length) throws InterruptedException;
}
