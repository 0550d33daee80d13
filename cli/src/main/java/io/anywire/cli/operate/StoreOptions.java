package io.anywire.cli.operate;

import io.anywire.broker.embedded.StoreInspection;
import io.anywire.broker.embedded.StoreReport;
import io.anywire.cli.CliException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which store, and for whom it is printed. Not thread-safe. */
final class StoreOptions {
  private static final String SCHEME = "disk:";

  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description = "The store's folder, or the URL disk:PATH.")
  private String path = "";

  @Option(
      names = "--json",
      description = "Print one JSON object a line, for programs; see docs/cli.md for its fields.")
  private boolean json;

  /** Whether a program reads what is printed. */
  boolean json() {
    return json;
  }

  /**
   * Looks at it.
   *
   * @throws CliException when somebody has it open, or it cannot be read
   */
  StoreReport report() {
    String folder = path.startsWith(SCHEME) ? path.substring(SCHEME.length()) : path;
    int parameters = folder.indexOf('?');
    boolean isUrl = path.startsWith(SCHEME) && parameters >= 0;
    try {
      return StoreInspection.of(Path.of(isUrl ? folder.substring(0, parameters) : folder));
    } catch (IOException e) {
      throw CliException.cannotConnect("the store cannot be looked at: " + e.getMessage(), e);
    }
  }
}
