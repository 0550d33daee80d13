package io.anywire.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Results as a table to read or as JSON lines.
 *
 * @param benchmark its name
 * @param counted what it counts, such as "req"
 * @param baseline the subject that the others are compared with; ratios are left out if it failed
 * @param results what was measured
 */
record Report(String benchmark, String counted, Subject baseline, Results results) {
  private static final String SUBJECT = "%-26s";
  private static final String CELL = " %26s %6s";

  /** Prints a line a subject: medians, their spread, and ratios to the baseline. */
  void printTable(PrintStream out) {
    out.printf(SUBJECT, benchmark);
    for (Metric metric : Metric.measured(results)) {
      out.printf(CELL, metric.label() + " " + metric.unit(counted) + " (min-max)", "ratio");
    }
    out.println();
    results.measurements().forEach((subject, runs) -> printRow(out, subject, runs));
    results.failures().forEach((subject, why) -> out.println(subject.name() + " FAILED: " + why));
  }

  /** Prints objects with the keys case, subject, metric, value and unit. */
  void printJson(PrintStream out) {
    results
        .measurements()
        .forEach((subject, runs) -> {
          for (Metric metric : Metric.measured(results)) {
            printJson(out, subject, runs, metric);
          }
        });
    results.failures().forEach((subject, why) -> line(out, subject, "failed", 1, "subject"));
  }

  private void printRow(PrintStream out, Subject subject, List<Measurement> runs) {
    out.printf(SUBJECT, subject.name());
    for (Metric metric : Metric.measured(results)) {
      out.printf(CELL, text(metric, metric.of(runs)), ratioText(metric, runs));
    }
    out.println();
  }

  private void printJson(PrintStream out, Subject subject, List<Measurement> runs, Metric metric) {
    Spread spread = metric.of(runs);
    String unit = metric.unit(counted);
    line(out, subject, metric.label(), spread.median(), unit);
    line(out, subject, metric.label() + ".min", spread.min(), unit);
    line(out, subject, metric.label() + ".max", spread.max(), unit);
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

  private static String text(Metric metric, Spread spread) {
    return "%s (%s-%s)"
        .formatted(
            metric.text(spread.median()), metric.text(spread.min()), metric.text(spread.max()));
  }
}
