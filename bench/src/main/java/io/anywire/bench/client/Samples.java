package io.anywire.bench.client;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** How long things took; those beyond its capacity are not kept. Thread-safe. */
public final class Samples {
  private final long[] nanos;
  private final AtomicInteger next = new AtomicInteger();
  private final Failures failures = new Failures();

  /**
   * @param capacity how many it keeps
   */
  public Samples(int capacity) {
    nanos = new long[capacity];
  }

  /** One that began then, as {@link System#nanoTime} tells, and is over now. */
  public void add(long began) {
    long took = System.nanoTime() - began;
    int index = next.getAndIncrement();
    if (index < nanos.length) {
      nanos[index] = took;
    }
  }

  /** One that went wrong. */
  public void failed(Throwable why) {
    failures.add(why);
  }

  /** What they came to; when nothing is added any more. */
  public LatencyResult result() {
    long[] sorted = Arrays.copyOf(nanos, Math.min(next.get(), nanos.length));
    Arrays.sort(sorted);
    return new LatencyResult(
        sorted.length,
        failures.count(),
        percentile(sorted, 0.5),
        percentile(sorted, 0.99),
        failures.first());
  }

  private static double percentile(long[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))] / 1_000.0;
  }
}
