package io.anywire.cli;

/** What the exit codes mean, the same for every command. */
public final class ExitCode {
  /** It worked. */
  public static final int OK = 0;

  /** The call was answered with an error, or a check did not hold. */
  public static final int FAILED = 1;

  /** The command was used wrongly: an option, a URL, a method that does not exist, bad JSON. */
  public static final int USAGE = 2;

  /** A service or broker cannot be reached, or an address cannot be bound. */
  public static final int CANNOT_CONNECT = 3;

  /** Something nobody thought of. */
  public static final int UNEXPECTED = 4;

  private ExitCode() {}
}
