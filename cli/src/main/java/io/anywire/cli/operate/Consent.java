package io.anywire.cli.operate;

import io.anywire.cli.CliException;
import picocli.CommandLine.Option;

/** That something may be deleted. Not thread-safe. */
final class Consent {
  @Option(names = "--yes", description = "Delete; without it, say how much would go.")
  private boolean yes;

  /**
   * Checks that what would go may go.
   *
   * @param what such as "messages that wait in orders"
   * @throws CliException saying how many, when nobody agreed
   */
  void require(long count, String what) {
    if (!yes && count > 0) {
      throw CliException.usage(count + " " + what + " would be deleted (expected: --yes)");
    }
  }
}
