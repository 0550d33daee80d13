package io.anywire.bench.client;

import java.util.concurrent.atomic.AtomicLong;

/** Counts failures, and keeps the first in its own words. Thread-safe. */
public final class Failures {
  private final AtomicLong count = new AtomicLong();
  private volatile String first = "";

  /** One more. */
  public void add(Throwable why) {
    if (count.getAndIncrement() == 0) {
      first = why.toString();
    }
  }

  /** How many. */
  public long count() {
    return count.get();
  }

  /** The first; empty without any. */
  public String first() {
    return first;
  }
}
