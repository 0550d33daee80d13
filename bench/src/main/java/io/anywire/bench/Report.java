package io.anywire.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Results as a table to read or as JSON lines.
 *
 * @param benchmark its name
 * @param baseline the subject that the others are compared with; ratios are left out if it failed
 * @param results what was measured
 */
record Report(String benchmark, Subject baseline, Results results) {
  private static final String ROW = "%-26s %26s %6s %22s %6s%n";

  /** Prints a line a subject: medians, their spread, and ratios to the baseline. */
  void printTable(PrintStream out) {
    out.printf(ROW, benchmark, "req/s (min-max)", "ratio", "CPU us/req (min-max)", "ratio");
    results.measurements().forEach((subject, runs) -> printRow(out, subject, runs));
    results.failures().forEach((subject, why) -> out.println(subject.name() + " FAILED: " + why));
  }

  /** Prints objects with the keys case, subject, metric, value and unit. */
  void printJson(PrintStream out) {
    results
        .measurements()
        .forEach((subject, runs) -> {
          for (Metric metric : Metric.values()) {
            printJson(out, subject, runs, metric);
          }
        });
    results.failures().forEach((subject, why) -> line(out, subject, "failed", 1, "subject"));
  }

  private void printRow(PrintStream out, Subject subject, List<Measurement> runs) {
    out.printf(
        ROW,
        subject.name(),
        text("%,.0f (%,.0f-%,.0f)", Metric.THROUGHPUT.of(runs)),
        ratioText(Metric.THROUGHPUT, runs),
        text("%.2f (%.2f-%.2f)", Metric.CPU.of(runs)),
        ratioText(Metric.CPU, runs));
  }

  private void printJson(PrintStream out, Subject subject, List<Measurement> runs, Metric metric) {
    Spread spread = metric.of(runs);
    line(out, subject, metric.label(), spread.median(), metric.unit());
    line(out, subject, metric.label() + ".min", spread.min(), metric.unit());
    line(out, subject, metric.label() + ".max", spread.max(), metric.unit());
    ratio(metric, runs)
        .ifPresent(ratio -> line(out, subject, metric.label() + ".ratio", ratio, "x"));
  }

  /** Names here are plain words, so nothing needs escaping. */
  private void line(PrintStream out, Subject subject, String metric, double value, String unit) {
    out.printf(
        Locale.ROOT,
        "{\"case\":\"%s\",\"subject\":\"%s\",\"metric\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"}%n",
        benchmark,
        subject.name(),
        metric,
        value,
        unit);
  }

  private OptionalDouble ratio(Metric metric, List<Measurement> runs) {
    List<Measurement> ofBaseline = results.measurements().getOrDefault(baseline, List.of());
    return ofBaseline.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(metric.of(runs).median() / metric.of(ofBaseline).median());
  }

  private String ratioText(Metric metric, List<Measurement> runs) {
    OptionalDouble ratio = ratio(metric, runs);
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "-";
  }

  private static String text(String format, Spread spread) {
    return String.format(Locale.ROOT, format, spread.median(), spread.min(), spread.max());
  }
}
