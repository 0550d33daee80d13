package io.anywire.bench;

import io.anywire.testing.FreePorts;
import io.anywire.testing.LocalProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A subject that runs, in a JVM of its own with the same options for all. */
final class SubjectProcess implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final int port = FreePorts.next();
  private final LocalProcess process;

  SubjectProcess(Subject subject) {
    process = LocalProcess.start(subject.name(), new ProcessBuilder(command(subject)));
    try {
      process.awaitPort(port, START_TIMEOUT);
    } catch (AssertionError e) {
      process.close();
      throw new BenchException(String.valueOf(e.getMessage()));
    }
  }

  int port() {
    return port;
  }

  /** User and system time that the whole process has used so far. */
  Duration cpu() {
    return ProcessHandle.of(process.pid())
        .flatMap(handle -> handle.info().totalCpuDuration())
        .orElseThrow(() -> new BenchException(process + " is gone:\n" + process.output()));
  }

  @Override
  public void close() {
    process.close();
  }

  private List<String> command(Subject subject) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseParallelGC", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", subject.classPath(), subject.mainClass()));
    command.add(Integer.toString(port));
    command.addAll(subject.arguments());
    return command;
  }
}
