package io.anywire.bench.client;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** Counts failures, and keeps the first in its own words. Thread-safe. */
public final class Failures {
  private final LongAdder count = new LongAdder();
  private final AtomicReference<String> first = new AtomicReference<>("");

  /** One more. */
  public void add(Throwable why) {
    count.increment();
    boolean unused = first.compareAndSet("", why.toString());
  }

  /** How many. */
  public long count() {
    return count.sum();
  }

  /** The first; empty without any. */
  public String first() {
    return first.get();
  }
}
