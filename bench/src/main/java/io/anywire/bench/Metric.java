package io.anywire.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is measured of every subject. */
enum Metric {
  THROUGHPUT("throughput", "req/s", Measurement::throughput),
  CPU("cpu", "us/req", Measurement::cpu);

  private final String label;
  private final String unit;
  private final ToDoubleFunction<Measurement> value;

  Metric(String label, String unit, ToDoubleFunction<Measurement> value) {
    this.label = label;
    this.unit = unit;
    this.value = value;
  }

  String label() {
    return label;
  }

  String unit() {
    return unit;
  }

  Spread of(List<Measurement> runs) {
    return Spread.of(runs, value);
  }
}
