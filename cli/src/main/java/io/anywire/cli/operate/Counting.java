package io.anywire.cli.operate;

import io.anywire.broker.DeadLetter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Counts what a filter lets through. */
final class Counting {
  private Counting() {}

  static Predicate<DeadLetter> by(AtomicLong soFar, Predicate<DeadLetter> filter) {
    return letter -> {
      boolean accepted = filter.test(letter);
      if (accepted) {
        soFar.incrementAndGet();
      }
      return accepted;
    };
  }
}
