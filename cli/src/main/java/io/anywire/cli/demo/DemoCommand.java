package io.anywire.cli.demo;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.cli.CliException;
import io.anywire.cli.ExitCode;
import io.anywire.cli.StopHook;
import io.anywire.cli.Terminal;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the sample shop with traffic over every wire. */
@Command(
    name = "demo",
    description =
        "Runs the sample shop: a broker, a user service and an order service as three"
            + " processes, with light traffic over every wire and a live table until Ctrl-C.",
    footer = {
      "",
      "Examples:",
      "  anywire demo                                 ports 8080 (broker), 8081 (users), 8082 (orders)",
      "  anywire demo --once                          one run with checks, for scripts",
      "  anywire demo --broker rabbitmq://127.0.0.1   with a broker that is there already",
      "",
      "--once ends with 0 only if every check held, and names those that did not. Data and logs are",
      "in a temporary folder that is deleted at the end; after a failure the logs stay."
    })
public final class DemoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--once",
      description =
          "Run the scenario once, print one row for each operation and wire, and check"
              + " the results.")
  private boolean once;

  @Option(
      names = "--broker",
      paramLabel = "URL",
      description = "Use this broker; the process on the first port is then not started.")
  private Optional<String> broker = Optional.empty();

  @Option(
      names = "--ports",
      paramLabel = "FIRST",
      description = "The first of the three ports; 0 takes any that are free. Default: 8080")
  private int firstPort = 8080;

  /** Prints on {@code terminal}. */
  public DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    broker.ifPresent(DemoCommand::requireShared);
    Ports ports = Ports.from(firstPort, broker.isEmpty());
    DemoFolder folder = DemoFolder.create();
    RunningShop shop = new RunningShop(folder, ports, broker);
    StopHook hook =
        StopHook.register(once ? ExitCode.FAILED : ExitCode.OK, () -> end(shop, folder));
    boolean keepLogs = true;
    try {
      shop.start();
      int exitCode = run(shop);
      keepLogs = exitCode != ExitCode.OK;
      return exitCode;
    } finally {
      shop.close();
      if (keepLogs) {
        folder.deleteData();
        terminal.err().println("logs: " + folder.logs());
      } else {
        folder.delete();
      }
      hook.remove();
    }
  }

  private int run(RunningShop shop) throws InterruptedException {
    try (Anywire anywire = Anywire.builder().application("anywire-demo").build()) {
      Wires wires = Wires.to(shop, anywire);
      Measurements measurements = new Measurements();
      Traffic traffic = new Traffic(wires, measurements);
      if (once) {
        return new OneRun(shop, wires, traffic, measurements).run(terminal);
      }
      new LiveRun(shop, wires, traffic, measurements).run(terminal);
      return ExitCode.OK;
    }
  }

  private static void end(RunningShop shop, DemoFolder folder) {
    shop.close();
    folder.delete();
  }

  private static void requireShared(String url) {
    if (WireUrl.parse(url).scheme().equals("memory")) {
      throw CliException.usage(
          "--broker "
              + url
              + ": seen by one process only (expected: a broker that all three processes reach)");
    }
  }
}
