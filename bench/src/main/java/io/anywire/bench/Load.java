package io.anywire.bench;

import io.anywire.bench.Measurement.Latencies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What loads a subject from outside, and the call that proves that it answers rightly. */
interface Load extends AutoCloseable {
  /**
   * Makes one real call and checks its whole answer.
   *
   * @throws BenchException if the answer is wrong
   */
  void verify(Target target) throws InterruptedException;

  /**
   * Loads the subject for {@code duration}. Requests may fail: a cold server is slow at first.
   *
   * @throws BenchException if the tool fails
   */
  LoadResult run(Target target, Duration duration) throws InterruptedException;

  /** Measures how long what the subject does takes, where the benchmark is about that. */
  default Latencies latencies(Target target, Duration duration) {
    return Latencies.NONE;
  }

  /** What a subject's main method is to be told besides its port and its own arguments. */
  default List<String> arguments(Subject subject) {
    return List.of();
  }

  /** Stops whatever runs for all subjects. */
  @Override
  default void close() {}

  /** Runs a command to its end and returns what it wrote. */
  static String output(List<String> command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new BenchException(command.getFirst() + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new BenchException("cannot run " + command.getFirst() + ": " + e.getMessage());
    }
  }
}
