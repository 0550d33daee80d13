package io.anywire.testing;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The processes that this JVM started and that still run. A test that fails before it closes them
 * must not leave them behind, so the JVM's exit kills them.
 */
final class Leftovers {
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("kill-leftover-processes")
                .unstarted(() -> RUNNING.forEach(Process::destroyForcibly)));
  }

  private Leftovers() {}

  static void add(Process process) {
    RUNNING.add(process);
    process.onExit().thenAccept(RUNNING::remove);
  }
}
