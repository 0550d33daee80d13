package io.anywire.cli.operate;

import io.anywire.Anywire;
import io.anywire.cli.ExitCode;
import io.anywire.cli.call.Brokers;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Which broker, and for whom it is printed. Not thread-safe. */
final class AtOptions {
  @Option(names = "--at", required = true, paramLabel = "URL", description = "The broker's URL.")
  private String at = "";

  @Option(
      names = "--json",
      description = "Print one JSON object a line, for programs; see docs/cli.md for its fields.")
  private boolean json;

  /** The broker's URL. */
  String url() {
    return at;
  }

  /** Whether a program reads what is printed. */
  boolean json() {
    return json;
  }

  /**
   * Does {@code work} with the broker, connected.
   *
   * @throws io.anywire.cli.CliException when it cannot be reached, or is in one process only
   */
  int with(Consumer<Operated> work) {
    try (Anywire anywire = Anywire.builder().application("anywire-cli").build()) {
      anywire.channel(at);
      Brokers.connect(anywire, at);
      work.accept(new Operated(anywire, anywire.broker(at), at));
      return ExitCode.OK;
    }
  }
}
