package io.anywire.cli.demo;

import io.anywire.WireUrl;
import io.anywire.cli.Terminal;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Light traffic for as long as the demo runs, and a table that follows it. */
final class LiveRun {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration REDRAW = Duration.ofSeconds(1);
  private static final Duration REPRINT = Duration.ofSeconds(10);

  /** Terminal codes: to the upper left corner; delete what follows. */
  private static final String HOME = "\033[H";

  private static final String CLEAR_REST = "\033[J";

  private final RunningShop shop;
  private final Wires wires;
  private final Traffic traffic;
  private final Measurements measurements;
  private final boolean redraws = Boolean.getBoolean("anywire.terminal");
  private String lastError = "";

  LiveRun(RunningShop shop, Wires wires, Traffic traffic, Measurements measurements) {
    this.shop = shop;
    this.wires = wires;
    this.traffic = traffic;
    this.measurements = measurements;
  }

  /**
   * Runs until the process is asked to stop.
   *
   * @throws io.anywire.cli.CliException when a process of the demo has ended
   */
  void run(Terminal terminal) throws InterruptedException {
    long interval = (redraws ? REDRAW : REPRINT).toNanos();
    if (redraws) {
      terminal.out().print(HOME + CLEAR_REST);
    }
    terminal.out().println(heading());
    long next = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      wires.pairs().forEach(pair -> round(() -> traffic.lives(pair)));
      round(traffic::events);
      shop.requireAlive();
      if (System.nanoTime() - next >= 0) {
        draw(terminal);
        next = System.nanoTime() + interval;
      }
    }
    throw new InterruptedException();
  }

  private void round(Runnable work) {
    try {
      work.run();
    } catch (StatusRuntimeException e) {
      lastError = "last error: " + e.getStatus();
    }
    LockSupport.parkNanos(PAUSE.toNanos());
  }

  private void draw(Terminal terminal) {
    String table = measurements.table() + lastError;
    terminal.out().println(redraws ? HOME + heading() + "\n" + table + CLEAR_REST : table);
  }

  private String heading() {
    return """
    The shop runs: users at %s, orders at %s, broker %s
    Try in another terminal:  curl %s/hello/Ada
                              curl %s/users
                              ./anywire call shop.v1.UserService/ListUsers --to %s --explain
    Ctrl-C stops it.
    """
        .formatted(
            shop.usersHttp(),
            shop.ordersHttp(),
            WireUrl.parse(shop.broker()),
            shop.usersHttp(),
            shop.usersHttp(),
            shop.usersGrpc());
  }
}
