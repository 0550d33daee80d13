package io.anywire.cli.operate;

import io.anywire.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands that look at a store of {@code disk:} while nobody has it open. */
@Command(
    name = "store",
    description = "Looks at a store of disk:PATH that nobody has open; changes nothing.",
    footer = {
      "",
      "Examples:",
      "  anywire store verify /var/lib/shop",
      "  anywire store stats /var/lib/shop --json"
    })
public final class StoreCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private StoreCommand() {}

  /** It with its own commands, which print on {@code terminal}. */
  public static CommandLine on(Terminal terminal) {
    return new CommandLine(new StoreCommand())
        .addSubcommand("verify", new StoreVerifyCommand(terminal))
        .addSubcommand("stats", new StoreStatsCommand(terminal));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
