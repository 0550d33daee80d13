package io.anywire.bench;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The median of several runs, with the lowest and the highest. */
record Spread(double median, double min, double max) {
  /** Of at least one value. */
  static <T> Spread of(Collection<T> values, ToDoubleFunction<T> value) {
    double[] sorted = values.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}
