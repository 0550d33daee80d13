package io.anywire.conformance.broker;

import io.anywire.testing.FreePorts;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import java.time.Duration;

class AnywireRestartTest extends RestartSuite {
  @Override
  protected KillableEngine start() {
    return new Engine();
  }

  private static final class Engine implements KillableEngine {
    private final int port = FreePorts.next();
    private LocalProcess process = started();

    private LocalProcess started() {
      LocalProcess server = JavaProcess.of(BrokerProcess.class).arguments("" + port).start();
      server.awaitLine("serving", Duration.ofSeconds(60));
      return server;
    }

    @Override
    public String url() {
      return "anywire://127.0.0.1:" + port;
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
    }
  }
}
