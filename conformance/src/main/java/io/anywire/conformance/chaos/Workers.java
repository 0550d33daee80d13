package io.anywire.conformance.chaos;

import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The processes that handle. Used by one thread at a time. */
final class Workers implements AutoCloseable {
  private static final Duration STARTED = Duration.ofSeconds(90);
  private static final Duration DRAINED = Duration.ofSeconds(60);

  private final String url;
  private final Path journals;
  private final RandomGenerator random;
  private final List<LocalProcess> running = new ArrayList<>();

  Workers(String url, Path journals, RandomGenerator random) {
    this.url = url;
    this.journals = journals;
    this.random = random;
  }

  /** How many there are. */
  int count() {
    return running.size();
  }

  /** Starts {@code count} more, and returns when they serve. */
  void join(int count) {
    List<LocalProcess> fresh = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LocalProcess worker =
          JavaProcess.of(WorkerProcess.class).arguments(url, journals.toString()).start();
      running.add(worker);
      fresh.add(worker);
    }
    fresh.forEach(worker -> worker.awaitLine(WorkerProcess.READY, STARTED));
  }

  /** Kills one of them. */
  void kill() {
    any().kill();
  }

  /** Lets one of them drain and end. */
  void leave() {
    int unused = any().terminate(DRAINED);
  }

  /**
   * Fails when one has ended by itself.
   *
   * @throws AssertionError with its output
   */
  void checkAlive() {
    for (LocalProcess worker : running) {
      if (!worker.isAlive()) {
        throw new AssertionError(worker + " has ended by itself:\n" + worker.output());
      }
    }
  }

  @Override
  public void close() {
    running.forEach(LocalProcess::close);
  }

  private LocalProcess any() {
    checkAlive();
    return running.remove(random.nextInt(running.size()));
  }
}
