package io.anywire.cli.demo;

import io.anywire.cli.ExitCode;
import io.anywire.cli.Terminal;
import java.util.List;

/** The scenario, once: traffic over every wire, the table, and checks of what came of it. */
final class OneRun {
  /** Enough for a median; the first few calls show how the processes warm up. */
  private static final int ROUNDS = 20;

  private static final List<String> WIRES = List.of("rest", "grpc", "queue", "task", "event");

  private final RunningShop shop;
  private final Wires wires;
  private final Traffic traffic;
  private final Measurements measurements;

  OneRun(RunningShop shop, Wires wires, Traffic traffic, Measurements measurements) {
    this.shop = shop;
    this.wires = wires;
    this.traffic = traffic;
    this.measurements = measurements;
  }

  /** Prints the table and the checks; the exit code tells whether all held. */
  int run(Terminal terminal) {
    Checks checks = new Checks();
    for (Wires.Pair pair : wires.pairs()) {
      checks.check("traffic over " + pair.wire(), () -> rounds(() -> traffic.lives(pair)));
    }
    checks.check("traffic by event", () -> rounds(traffic::events));
    shop.requireAlive();
    checks.check("no call failed, and every wire was used for both services", this::complete);
    new ResourceChecks(wires, checks).run();
    new MessageChecks(wires, checks).run();
    checks.check("every process still runs", shop::requireAlive);

    terminal.out().println(measurements.table());
    terminal.out().print(checks.report());
    List<String> failed = checks.failed();
    terminal.out().printf("%n%d checks, %d failed%n", checks.results().size(), failed.size());
    if (failed.isEmpty()) {
      return ExitCode.OK;
    }
    terminal.err().println("anywire: checks that failed: " + String.join("; ", failed));
    return ExitCode.FAILED;
  }

  private void rounds(Runnable round) {
    for (int i = 0; i < ROUNDS; i++) {
      round.run();
    }
  }

  private void complete() {
    Checks.requireEqual(measurements.errors(), 0L, "errors");
    Checks.requireEqual(measurements.wires("users"), WIRES, "wires to users");
    Checks.requireEqual(measurements.wires("orders"), WIRES, "wires to orders");
  }
}
