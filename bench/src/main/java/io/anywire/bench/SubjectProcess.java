package io.anywire.bench;

import io.anywire.bench.server.PemFiles;
import io.anywire.testing.FreePorts;
import io.anywire.testing.LocalProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A subject that runs, in a JVM of its own with the same options for all. For one thread. */
final class SubjectProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-Xmx1g",
          "-XX:+UseParallelGC",
          "-XX:-UseDynamicNumberOfCompilerThreads",
          "--enable-native-access=ALL-UNNAMED");

  private final Target target;
  private final LocalProcess process;
  private Optional<UsageMeter> meter = Optional.empty();

  /**
   * Starts a subject and waits until it listens.
   *
   * @param tls what it is to serve TLS with
   * @param more arguments after its own
   */
  SubjectProcess(Subject subject, Optional<PemFiles> tls, List<String> more) {
    target = new Target(FreePorts.next(), tls);
    process = LocalProcess.start(subject.name(), new ProcessBuilder(command(subject, more)));
    try {
      process.awaitPort(target.port(), START_TIMEOUT);
    } catch (AssertionError e) {
      process.close();
      throw new BenchException(String.valueOf(e.getMessage()));
    }
  }

  Target target() {
    return target;
  }

  /** What the process has used so far. */
  Usage usage() {
    if (!process.isAlive()) {
      throw new BenchException(process + " is gone:\n" + process.output());
    }
    if (meter.isEmpty()) {
      meter = Optional.of(new UsageMeter(process.pid()));
    }
    return meter.get().read();
  }

  @Override
  public void close() {
    meter.ifPresent(UsageMeter::close);
    process.close();
  }

  private List<String> command(Subject subject, List<String> more) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(subject.jvmOptions());
    target.tls().ifPresent(pem -> command.addAll(pem.jvmOptions()));
    command.addAll(List.of("-cp", subject.classPath(), subject.mainClass()));
    command.add(Integer.toString(target.port()));
    command.addAll(subject.arguments());
    command.addAll(more);
    return command;
  }
}
