package io.anywire.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets calls of a process to the operating system fail, as a disk that breaks or fills up does:
 * strace puts the error in place of the call.
 *
 * <pre>{@code
 * JavaProcess.of(Writer.class)
 *     .under(FaultyCalls.inject("fdatasync:error=EIO:when=20", List.of(file)))
 *     .start();
 * }</pre>
 */
public final class FaultyCalls {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private FaultyCalls() {}

  /**
   * The command that starts a process so.
   *
   * @param fault the calls, the error and which of them fail, as strace's option {@code inject}
   *     takes it; each thread counts its own calls
   * @param files by their names when they are called upon; all others are spared
   * @throws IllegalStateException if strace is not installed, or may not trace here
   */
  public static List<String> inject(String fault, List<Path> files) {
    String strace = Installed.find("strace", "strace").toString();
    requireTracing(strace);
    String calls = fault.substring(0, fault.indexOf(':'));
    // The tracer is a child of the process, not the other way round: a signal reaches the process.
    List<String> command =
        new ArrayList<>(List.of(strace, "-D", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null"));
    command.addAll(List.of("-e", "trace=" + calls, "-e", "inject=" + fault));
    files.forEach(file -> command.addAll(List.of("-P", file.toString())));
    return command;
  }

  private static void requireTracing(String strace) {
    var trial = new ProcessBuilder(strace, "-f", "-qq", "-o", "/dev/null", "true");
    try (LocalProcess process = LocalProcess.start("strace", trial)) {
      if (process.awaitExit(PATIENCE) != 0) {
        throw new IllegalStateException(
            "strace may not trace here, which a container has to allow (docker run --cap-add"
                + " SYS_PTRACE): "
                + process.output());
      }
    }
  }
}
