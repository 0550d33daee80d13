package io.anywire.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A running process that belongs to a test. Standard output and standard error are captured
 * together and are part of every failure's message. Signals go to this process alone, by its id.
 * Whatever is still running when the JVM exits is killed. Thread-safe.
 */
public final class LocalProcess implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(20);

  // Signals go through its handle: Process.destroy would close the output that is being read.
  private final Process process;
  private final String name;
  private final ProcessOutput output = new ProcessOutput();

  private LocalProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts {@code command}.
   *
   * @param name what failure messages call the process
   * @throws UncheckedIOException if it cannot be started
   */
  public static LocalProcess start(String name, ProcessBuilder command) {
    try {
      Process process = command.redirectErrorStream(true).start();
      var started = new LocalProcess(name, process);
      Leftovers.add(process);
      Thread.ofPlatform()
          .daemon()
          .name("output-of-" + name + "-" + process.pid())
          .start(() -> started.output.readAll(process.inputReader(StandardCharsets.UTF_8)));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": cannot start " + command.command(), e);
    }
  }

  /** The operating system's id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process still runs; a frozen one does. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** What the process has written so far; of a long output, the end. */
  public String output() {
    return output.text();
  }

  /**
   * Waits for a line in which {@code pattern} is found, lines already written included.
   *
   * @return the match, with the pattern's groups
   * @throws AssertionError if the process ends or {@code timeout} passes first
   */
  public MatchResult awaitLine(Pattern pattern, Duration timeout) {
    try {
      String line =
          output
              .await(candidate -> pattern.matcher(candidate).find(), timeout)
              .orElseThrow(() -> failure("no line with '%s'".formatted(pattern), timeout));
      return pattern.matcher(line).results().findFirst().orElseThrow();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits for a line that contains {@code text}; see {@link #awaitLine(Pattern, Duration)}. */
  public void awaitLine(String text, Duration timeout) {
    awaitLine(Pattern.compile(Pattern.quote(text)), timeout);
  }

  /**
   * Waits until something accepts connections on {@code port} of the loopback address.
   *
   * @throws AssertionError if the process ends or {@code timeout} passes first
   */
  public void awaitPort(int port, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!accepts(port)) {
      if (System.nanoTime() - deadline > 0 || hasExitedWithin(POLL)) {
        throw failure("nothing listens on port " + port, timeout);
      }
    }
  }

  /**
   * Waits until the process has ended by itself.
   *
   * @return its exit code; 128 plus the number of the signal that ended it
   * @throws AssertionError if it still runs after {@code timeout}
   */
  public int awaitExit(Duration timeout) {
    if (!hasExitedWithin(timeout)) {
      throw failure("still running", timeout);
    }
    return process.exitValue();
  }

  /** Kills the process at once (SIGKILL) and waits until it is gone. */
  public void kill() {
    process.toHandle().destroyForcibly();
    awaitExit(STOP_TIMEOUT);
  }

  /** Asks the process to stop (SIGTERM) and waits for its end; returns its exit code. */
  public int terminate(Duration timeout) {
    process.toHandle().destroy();
    return awaitExit(timeout);
  }

  /** Stops the process from running (SIGSTOP): its connections stay open and nothing answers. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets a frozen process run on (SIGCONT). */
  public void thaw() {
    signal("CONT");
  }

  /** Kills the process if it still runs. */
  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return name + " (pid " + pid() + ")";
  }

  private void signal(String signal) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      if (code != 0) {
        throw failure("no process to send SIG" + signal + " to", Duration.ZERO);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(this + ": cannot send SIG" + signal, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private boolean hasExitedWithin(Duration timeout) {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static boolean accepts(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private AssertionError failure(String what, Duration waited) {
    String state = isAlive() ? "running" : "exited with " + process.exitValue();
    return new AssertionError(
        "%s: %s after %d ms (%s); its output:\n%s"
            .formatted(this, what, waited.toMillis(), state, output()));
  }

  private AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError(this + ": interrupted while waiting", e);
  }
}
