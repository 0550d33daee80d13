package io.anywire.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system of a few MiB for one process, which alone sees it and with which it goes. It can
 * really be filled to the end.
 */
public final class SmallDisk {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private SmallDisk() {}

  /**
   * The command that starts a process so.
   *
   * @param folder where the process finds it
   * @throws IllegalStateException if nobody may mount anything here
   */
  public static List<String> mount(Path folder, int mebibytes) {
    String unshare = Installed.find("unshare", "util-linux").toString();
    String mount = Installed.find("mount", "mount").toString();
    String script = "'%s' -t tmpfs -o size=%dm none '%s' && exec \"$@\"";
    List<String> command =
        List.of(
            unshare,
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script.formatted(mount, mebibytes, folder),
            "sh");
    requireMounting(command);
    return command;
  }

  private static void requireMounting(List<String> command) {
    List<String> trial = new ArrayList<>(command);
    trial.add("true");
    try (LocalProcess process = LocalProcess.start("mount", new ProcessBuilder(trial))) {
      if (process.awaitExit(PATIENCE) != 0) {
        throw new IllegalStateException(
            "no file system may be mounted here, which a container has to allow (docker run"
                + " --cap-add SYS_ADMIN --security-opt apparmor=unconfined): "
                + process.output());
      }
    }
  }
}
