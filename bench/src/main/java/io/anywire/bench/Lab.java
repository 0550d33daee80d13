package io.anywire.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Starts a subject, proves with one real call that it works, warms it up, and measures it. Requests
 * that fail while it warms up do not count; one that fails while it is measured spoils it. Says on
 * {@code progress} what was measured and what failed.
 */
final class Lab implements RoundRobin.Measure {
  private final Load load;
  private final Duration warmUp;
  private final Duration measurement;
  private final PrintStream progress;

  Lab(Load load, Duration warmUp, Duration measurement, PrintStream progress) {
    this.load = load;
    this.warmUp = warmUp;
    this.measurement = measurement;
    this.progress = progress;
  }

  @Override
  public Measurement measure(Subject subject) throws InterruptedException {
    try (var server = new SubjectProcess(subject)) {
      load.verify(server.port());
      load.run(server.port(), warmUp);
      Measurement measured = measure(server);
      progress.printf(
          Locale.ROOT,
          "%-26s %,10.0f req/s %8.2f us/req%n",
          subject.name(),
          measured.throughput(),
          measured.cpu());
      return measured;
    }
  }

  @Override
  public void failed(Subject subject, String why) {
    progress.println(subject.name() + " FAILED: " + why);
  }

  private Measurement measure(SubjectProcess server) throws InterruptedException {
    Duration before = server.cpu();
    LoadResult result = load.run(server.port(), measurement);
    Duration cpu = server.cpu().minus(before);
    load.requireGood(result);
    return new Measurement(result.perSecond(), cpu.toNanos() / 1_000.0 / result.requests());
  }
}
