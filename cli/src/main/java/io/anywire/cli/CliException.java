package io.anywire.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with one line on standard error and an {@link ExitCode}. */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CliException(int exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The command was used wrongly. */
  public static CliException usage(String message) {
    return new CliException(ExitCode.USAGE, message, null);
  }

  /** Something that was needed cannot be reached or bound. */
  public static CliException cannotConnect(String message, @Nullable Throwable cause) {
    return new CliException(ExitCode.CANNOT_CONNECT, message, cause);
  }

  /** What was asked for was tried, and failed. */
  public static CliException failed(String message) {
    return new CliException(ExitCode.FAILED, message, null);
  }

  /** What the process ends with. */
  public int exitCode() {
    return exitCode;
  }
}
