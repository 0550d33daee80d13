package io.anywire.cli.demo;

import io.anywire.cli.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One process of the demo: a JVM with this one's class path, whose output goes to a log file.
 * Thread-safe.
 */
final class ShopProcess {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xms64m",
          "-Xmx512m",
          "-XX:+UseParallelGC",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "-Dio.netty.jfr.enabled=false",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

  private final String name;
  private final Process process;
  private final Path log;

  private ShopProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts the main method of a class; {@link #awaitReady} says when it serves. */
  static ShopProcess start(String name, Path logs, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(classData());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Child.class.getName(), "" + ProcessHandle.current().pid(), mainClass));
    command.addAll(arguments);
    Path log = logs.resolve(name + ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new ShopProcess(name, process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": cannot be started", e);
    }
  }

  /**
   * Waits until the process has said that it is ready.
   *
   * @throws CliException when it ends, or is not ready in time
   */
  void awaitReady() throws InterruptedException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (lines().stream().noneMatch(line -> line.startsWith(name + " ready"))) {
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw failure("ended with exit code " + process.exitValue());
      }
      if (System.nanoTime() > end) {
        throw failure("not ready after " + START_LIMIT.toSeconds() + " s");
      }
    }
  }

  /** Whether it still runs. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks it to end, waits, and kills it if need be. Idempotent. */
  void stop() {
    process.destroy();
    try {
      if (process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  /** What is said when it does not run as it should. */
  CliException failure(String what) {
    List<String> lines = lines();
    String last = lines.isEmpty() ? "it said nothing" : lines.getLast();
    return CliException.cannotConnect(
        name + ": " + what + ": " + last + " (see " + log + ")", null);
  }

  /**
   * The class data that the launcher keeps for its processes, where it has some. A JVM that it does
   * not fit starts without it, and is not to say so where the service's output is.
   */
  private static List<String> classData() {
    String archive = System.getProperty("anywire.class-data", "");
    return archive.isEmpty()
        ? List.of()
        : List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(log + ": cannot be read", e);
    }
  }
}
