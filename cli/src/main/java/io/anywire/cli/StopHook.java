package io.anywire.cli;

/** What is done when the process is asked to stop (SIGTERM, Ctrl-C) while a command runs. */
public final class StopHook {
  private final Thread thread;

  private StopHook(Thread thread) {
    this.thread = thread;
  }

  /**
   * Registers it, until {@link #remove}.
   *
   * @param exitCode what the process then ends with: {@link ExitCode#OK} where to be stopped is the
   *     command's ordinary end
   */
  public static StopHook register(int exitCode, Runnable stop) {
    Thread thread =
        Thread.ofPlatform()
            .name("anywire-stop")
            .unstarted(() -> {
              stop.run();
              Runtime.getRuntime().halt(exitCode);
            });
    Runtime.getRuntime().addShutdownHook(thread);
    return new StopHook(thread);
  }

  /** Removes it; without effect when the process is being stopped already. */
  public void remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException stopping) {
      // It runs.
    }
  }
}
