package io.anywire.conformance.broker;

import io.anywire.testing.FreePorts;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import java.time.Duration;

/** A broker that a process of its own serves, which can be killed and started again. */
final class ServedInProcess implements KillableEngine {
  private final int port = FreePorts.next();
  private final String broker;
  private final String repeat;
  private final Runnable closed;
  private LocalProcess process;

  /**
   * @param broker the URL of what is served
   * @param repeat for how long publishers repeat
   * @param closed called when it has ended for good
   */
  ServedInProcess(String broker, String repeat, Runnable closed) {
    this.broker = broker;
    this.repeat = repeat;
    this.closed = closed;
    this.process = started();
  }

  private LocalProcess started() {
    LocalProcess server = JavaProcess.of(BrokerProcess.class).arguments("" + port, broker).start();
    server.awaitLine("serving", Duration.ofSeconds(60));
    return server;
  }

  @Override
  public String url() {
    return "anywire://127.0.0.1:" + port + "?repeat=" + repeat;
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void restart() {
    process = started();
  }

  @Override
  public void freeze() {
    process.freeze();
  }

  @Override
  public void thaw() {
    process.thaw();
  }

  @Override
  public void close() {
    process.close();
    closed.run();
  }
}
