package io.anywire.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prepares all subjects, then measures all of them once, then all again, and so on (A B C A B C …):
 * whatever slows the machine down for a while then meets all of them, not one. A subject that fails
 * is left out from there on and never reported with figures. For one thread.
 */
final class RoundRobin {
  /** Measures subjects. */
  interface Measure {
    /** Called for each subject before any is measured. */
    default void prepare(Subject subject) throws InterruptedException {}

    /** Measures one subject once. */
    Measurement measure(Subject subject) throws InterruptedException;

    /** Told when a subject is left out. */
    default void failed(Subject subject, String why) {}
  }

  private interface Step {
    void take(Subject subject) throws InterruptedException;
  }

  private final Measure measure;
  private final Map<Subject, List<Measurement>> measurements = new LinkedHashMap<>();
  private final Map<Subject, String> failures = new LinkedHashMap<>();

  private RoundRobin(Measure measure) {
    this.measure = measure;
  }

  static Results run(List<Subject> subjects, int runs, Measure measure)
      throws InterruptedException {
    var rounds = new RoundRobin(measure);
    rounds.each(subjects, measure::prepare);
    for (int run = 0; run < runs; run++) {
      rounds.each(subjects, rounds::measureOnce);
    }
    return new Results(rounds.measurements, rounds.failures);
  }

  private void each(List<Subject> subjects, Step step) throws InterruptedException {
    for (Subject subject : subjects) {
      if (!failures.containsKey(subject)) {
        attempt(subject, step);
      }
    }
  }

  private void attempt(Subject subject, Step step) throws InterruptedException {
    try {
      step.take(subject);
    } catch (BenchException e) {
      String why = String.valueOf(e.getMessage());
      failures.put(subject, why);
      measurements.remove(subject);
      measure.failed(subject, why);
    }
  }

  private void measureOnce(Subject subject) throws InterruptedException {
    Measurement measurement = measure.measure(subject);
    measurements.computeIfAbsent(subject, s -> new ArrayList<>()).add(measurement);
  }
}
