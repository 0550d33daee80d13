package io.anywire.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One row of what the benchmark of growth found.
 *
 * @param name of the case
 * @param metric what was measured
 * @param unit of the values
 * @param values the median of all runs, the lowest and the highest
 * @param ratio of the median to that of a simpler case; NaN where there is none
 */
record GrowthCase(String name, String metric, String unit, Spread values, double ratio) {
  static final String CSV_HEADER = "case,metric,unit,median,min,max,ratio";

  /** One without a ratio. */
  static <T> GrowthCase of(
      String name, String metric, String unit, Collection<T> runs, ToDoubleFunction<T> value) {
    return new GrowthCase(name, metric, unit, Spread.of(runs, value), Double.NaN);
  }

  /** As a line of comma-separated values; names are plain words. */
  String csv() {
    return String.format(
        Locale.ROOT,
        "%s,%s,%s,%.2f,%.2f,%.2f,%s",
        name,
        metric,
        unit,
        values.median(),
        values.min(),
        values.max(),
        hasRatio() ? String.format(Locale.ROOT, "%.3f", ratio) : "");
  }

  /** As a line of a table. */
  String row() {
    return String.format(
        Locale.ROOT,
        "%-26s %-14s %16s (%s-%s) %6s",
        name,
        metric + " " + unit,
        text(values.median()),
        text(values.min()),
        text(values.max()),
        hasRatio() ? String.format(Locale.ROOT, "%.2f", ratio) : "-");
  }

  boolean hasRatio() {
    return !Double.isNaN(ratio);
  }

  /** The median with its unit. */
  String medianText() {
    return text(values.median()) + " " + unit;
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value);
  }
}
