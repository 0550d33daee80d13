package io.anywire.bench;

import io.anywire.bench.server.PemFiles;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Starts subjects, proves with one real call that each works, warms them up, and measures them: one
 * at a time, while the others wait. Requests that fail while a subject warms up do not count; one
 * that fails while it is measured spoils it.
 */
final class Lab implements RoundRobin.Measure, AutoCloseable {
  private final Load load;
  private final Plan plan;
  private final PrintStream progress;
  private final Map<Subject, SubjectProcess> kept = new HashMap<>();

  /**
   * How subjects are measured.
   *
   * @param tls what they are to serve TLS with
   * @param fresh whether each measurement is of a new process
   * @param warmUp length of the load that comes first, once a process
   * @param measurement length of the load that is measured
   */
  record Plan(Optional<PemFiles> tls, boolean fresh, Duration warmUp, Duration measurement) {}

  /**
   * @param progress is told what was measured, and what failed, when it happens
   */
  Lab(Load load, Plan plan, PrintStream progress) {
    this.load = load;
    this.plan = plan;
    this.progress = progress;
  }

  @Override
  public void prepare(Subject subject) throws InterruptedException {
    if (!plan.fresh()) {
      kept.put(subject, warm(subject));
    }
  }

  @Override
  public Measurement measure(Subject subject) throws InterruptedException {
    SubjectProcess process = kept.get(subject);
    if (process != null) {
      return measure(subject, process);
    }
    try (SubjectProcess fresh = warm(subject)) {
      return measure(subject, fresh);
    }
  }

  @Override
  public void failed(Subject subject, String why) {
    progress.println(subject.name() + " FAILED: " + why);
    SubjectProcess process = kept.remove(subject);
    if (process != null) {
      process.close();
    }
  }

  @Override
  public void close() {
    kept.values().forEach(SubjectProcess::close);
    kept.clear();
  }

  private SubjectProcess warm(Subject subject) throws InterruptedException {
    var process = new SubjectProcess(subject, plan.tls(), load.arguments(subject));
    try {
      load.verify(process.target());
      load.run(process.target(), plan.warmUp());
      return process;
    } catch (BenchException | InterruptedException e) {
      process.close();
      throw e;
    }
  }

  private Measurement measure(Subject subject, SubjectProcess process) throws InterruptedException {
    Usage before = process.usage();
    LoadResult result = load.run(process.target(), plan.measurement());
    Usage used = process.usage().minus(before);
    result.requireAllGood();
    Measurement measured =
        used.per(result).with(load.latencies(process.target(), plan.measurement()));
    progress.printf(
        "%-26s %12s/s %10s us %10s B%s%n",
        subject.name(),
        Metric.THROUGHPUT.text(measured),
        Metric.CPU.text(measured),
        Metric.ALLOCATED.text(measured),
        latencies(measured));
    return measured;
  }

  private static String latencies(Measurement measured) {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.compareTo(Metric.ALLOCATED) > 0)
        .filter(metric -> metric.isIn(measured))
        .map(metric -> "  " + metric.label() + " " + metric.text(measured) + " us")
        .collect(Collectors.joining());
  }
}
