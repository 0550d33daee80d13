package io.anywire.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A tool that loads a server from outside, and the call that proves the server answers rightly. */
interface Load {
  /**
   * Makes one real call and checks its whole answer.
   *
   * @throws BenchException if the answer is wrong
   */
  void verify(int port) throws InterruptedException;

  /**
   * Loads the server for {@code duration}. Requests may fail: a cold server is slow at first.
   *
   * @throws BenchException if the tool fails
   */
  LoadResult run(int port, Duration duration) throws InterruptedException;

  /**
   * Checks what {@link #run} returned.
   *
   * @throws BenchException if one request failed
   */
  default void requireGood(LoadResult result) {
    result.requireAllGood();
  }

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
