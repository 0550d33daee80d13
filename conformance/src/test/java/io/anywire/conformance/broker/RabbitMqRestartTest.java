package io.anywire.conformance.broker;

import io.anywire.testing.RabbitMq;

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
