package io.anywire.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts a main class in a JVM of its own: the {@code java} that runs the test, with the test's
 * class path. For what can only be seen from outside, such as a consumer that dies in the middle of
 * its work.
 *
 * <pre>{@code
 * try (LocalProcess worker = JavaProcess.of(Worker.class).arguments(rabbit.url()).start()) {
 *   worker.awaitLine("handling", Duration.ofSeconds(30));
 *   worker.kill();
 * }
 * }</pre>
 *
 * <p>Not thread-safe; each {@link #start()} starts one more process.
 */
public final class JavaProcess {
  private final String mainClass;
  private final List<String> jvmOptions =
      new ArrayList<>(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<String> launcher = new ArrayList<>();

  private JavaProcess(String mainClass) {
    this.mainClass = mainClass;
  }

  /** The process whose {@code main} method is that of {@code mainClass}. */
  public static JavaProcess of(Class<?> mainClass) {
    return new JavaProcess(mainClass.getName());
  }

  /** Adds arguments of the main method. */
  public JavaProcess arguments(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** Adds options of the JVM, such as {@code -Xmx1g}; the default is a small heap. */
  public JavaProcess jvmOptions(String... more) {
    jvmOptions.addAll(List.of(more));
    return this;
  }

  /** Sets an environment variable; all others are the test's. */
  public JavaProcess environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Lets a program start the JVM: its command, to which that of the JVM is added. */
  public JavaProcess under(List<String> command) {
    launcher.addAll(command);
    return this;
  }

  /** Starts the process. */
  public LocalProcess start() {
    var builder = new ProcessBuilder(command());
    builder.environment().putAll(environment);
    return LocalProcess.start(mainClass.substring(mainClass.lastIndexOf('.') + 1), builder);
  }

  private List<String> command() {
    var command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    return command;
  }
}
