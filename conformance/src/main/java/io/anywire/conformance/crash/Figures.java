package io.anywire.conformance.crash;

import java.util.List;

/** Of measured values. */
final class Figures {
  private Figures() {}

  /** The value in the middle; 0 of none. */
  static long median(List<Long> values) {
    return values.isEmpty() ? 0 : values.stream().sorted().toList().get(values.size() / 2);
  }

  /** The largest; 0 of none. */
  static long max(List<Long> values) {
    return values.stream().mapToLong(value -> value).max().orElse(0);
  }
}
