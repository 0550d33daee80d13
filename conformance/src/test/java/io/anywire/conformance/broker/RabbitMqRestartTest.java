package io.anywire.conformance.broker;

import io.anywire.testing.RabbitMq;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

class RabbitMqRestartTest extends RestartSuite {
  @Override
  protected KillableEngine start() {
    return new Engine(RabbitMq.start());
  }

  private record Engine(RabbitMq rabbit) implements KillableEngine {
    @Override
    public String url() {
      return rabbit.url() + "?partitions=4";
    }

    @Override
    public boolean answersAcknowledgements() {
      return false;
    }

    /** A quorum queue that is younger than half a second may not survive its server. */
    @Override
    public void settleDown() {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500));
    }

    @Override
    public void kill() {
      rabbit.kill();
    }

    @Override
    public void restart() {
      rabbit.restart();
    }

    @Override
    public void freeze() {
      rabbit.freeze();
    }

    @Override
    public void thaw() {
      rabbit.thaw();
    }

    @Override
    public void close() {
      rabbit.close();
    }
  }
}
