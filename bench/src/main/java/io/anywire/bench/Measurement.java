package io.anywire.bench;

/**
 * One measured run of one subject.
 *
 * @param throughput requests per second
 * @param cpu microseconds of the subject's processor time per request
 * @param allocated bytes on the subject's heap per request
 * @param latencies where they are measured
 */
record Measurement(double throughput, double cpu, double allocated, Latencies latencies) {
  /** Without latencies. */
  Measurement(double throughput, double cpu, double allocated) {
    this(throughput, cpu, allocated, Latencies.NONE);
  }

  /** The same with latencies. */
  Measurement with(Latencies measured) {
    return new Measurement(throughput, cpu, allocated, measured);
  }

  /**
   * Latencies under light load.
   *
   * @param paced at a steady rate
   * @param acknowledged at the same rate, until the publisher was told
   * @param alone one after the other
   */
  record Latencies(Latency paced, Latency acknowledged, Latency alone) {
    /** What was not measured. */
    static final Latencies NONE = new Latencies(Latency.NONE, Latency.NONE, Latency.NONE);
  }
}
