package io.anywire.cli.operate;

import io.anywire.cli.CliException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How many at most. Not thread-safe. */
final class CountOption {
  @Option(names = "--count", paramLabel = "N", description = "How many at most.")
  private Optional<Integer> count = Optional.empty();

  int orElse(int standard) {
    int most = count.orElse(standard);
    if (most < 1) {
      throw CliException.usage("--count: " + most + " (expected: >= 1)");
    }
    return most;
  }
}
