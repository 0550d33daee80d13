package io.anywire.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What is measured of every subject. */
enum Metric {
  THROUGHPUT("throughput", "%s/s", "%,.0f", Measurement::throughput),
  CPU("cpu", "us/%s", "%.2f", Measurement::cpu),
  ALLOCATED("allocated", "B/%s", "%,.0f", Measurement::allocated),
  P50("p50", "us", "%,.0f", run -> run.latencies().paced().p50()),
  P99("p99", "us", "%,.0f", run -> run.latencies().paced().p99()),
  ACKNOWLEDGED_P50("ack p50", "us", "%,.0f", run -> run.latencies().acknowledged().p50()),
  ACKNOWLEDGED_P99("ack p99", "us", "%,.0f", run -> run.latencies().acknowledged().p99()),
  ALONE_P50("alone p50", "us", "%,.0f", run -> run.latencies().alone().p50()),
  ALONE_P99("alone p99", "us", "%,.0f", run -> run.latencies().alone().p99());

  private final String label;
  private final String unit;
  private final String format;
  private final ToDoubleFunction<Measurement> value;

  Metric(String label, String unit, String format, ToDoubleFunction<Measurement> value) {
    this.label = label;
    this.unit = unit;
    this.format = format;
    this.value = value;
  }

  String label() {
    return label;
  }

  /**
   * The unit of its values.
   *
   * @param counted what a benchmark counts, such as "req"
   */
  String unit(String counted) {
    return unit.formatted(counted);
  }

  /** Whether it was measured. */
  boolean isIn(Measurement run) {
    return !Double.isNaN(value.applyAsDouble(run));
  }

  /** Those that were measured in any of the runs. */
  static List<Metric> measured(Results results) {
    return Arrays.stream(values())
        .filter(metric ->
            metric.compareTo(ALLOCATED) <= 0
                || results.measurements().values().stream()
                    .flatMap(List::stream)
                    .anyMatch(metric::isIn))
        .toList();
  }

  Spread of(List<Measurement> runs) {
    return Spread.of(runs, value);
  }

  /** One run's value as text, without its unit. */
  String text(Measurement run) {
    return text(value.applyAsDouble(run));
  }

  /** A value of this metric as text, without its unit. */
  String text(double number) {
    return String.format(Locale.ROOT, format, number);
  }
}
