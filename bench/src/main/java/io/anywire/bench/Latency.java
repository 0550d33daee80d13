package io.anywire.bench;

/**
 * How long something took, in microseconds.
 *
 * @param p50 the median
 * @param p99 what 99 of 100 did not exceed
 */
record Latency(double p50, double p99) {
  /** What was not measured. */
  static final Latency NONE = new Latency(Double.NaN, Double.NaN);
}
