package io.anywire.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures all subjects once, then all again, and so on (A B C A B C …): whatever slows the machine
 * down for a while then meets all of them, not one. A subject that fails is left out from there on
 * and never reported with figures.
 */
final class RoundRobin {
  /** Measures subjects. */
  interface Measure {
    /** Measures one subject once. */
    Measurement measure(Subject subject) throws InterruptedException;

    /** Told when a subject is left out. */
    default void failed(Subject subject, String why) {}
  }

  private RoundRobin() {}

  static Results run(List<Subject> subjects, int runs, Measure measure)
      throws InterruptedException {
    Map<Subject, List<Measurement>> measurements = new LinkedHashMap<>();
    Map<Subject, String> failures = new LinkedHashMap<>();
    for (int run = 0; run < runs; run++) {
      for (Subject subject : subjects) {
        if (failures.containsKey(subject)) {
          continue;
        }
        try {
          Measurement measurement = measure.measure(subject);
          measurements.computeIfAbsent(subject, s -> new ArrayList<>()).add(measurement);
        } catch (BenchException e) {
          String why = String.valueOf(e.getMessage());
          failures.put(subject, why);
          measurements.remove(subject);
          measure.failed(subject, why);
        }
      }
    }
    return new Results(measurements, failures);
  }
}
