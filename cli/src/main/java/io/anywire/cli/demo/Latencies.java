package io.anywire.cli.demo;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** How often something was done, how often it failed, and how long it took. Thread-safe. */
final class Latencies {
  private static final int KEPT = 2000;

  private final ReentrantLock lock = new ReentrantLock();
  private final long[] nanos = new long[KEPT];
  private long calls;
  private long errors;

  void add(long took, boolean failed) {
    lock.lock();
    try {
      nanos[(int) (calls % KEPT)] = took;
      calls++;
      errors += failed ? 1 : 0;
    } finally {
      lock.unlock();
    }
  }

  /** What is known now; percentiles are of the last {@value #KEPT} calls. */
  Summary summary() {
    lock.lock();
    try {
      long[] sorted = Arrays.copyOf(nanos, (int) Math.min(calls, KEPT));
      Arrays.sort(sorted);
      return new Summary(calls, errors, percentile(sorted, 50), percentile(sorted, 99));
    } finally {
      lock.unlock();
    }
  }

  /** Nearest rank. */
  private static double percentile(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(0, rank - 1)] / 1e6;
  }

  /** Times in milliseconds. */
  record Summary(long calls, long errors, double p50, double p99) {}
}
