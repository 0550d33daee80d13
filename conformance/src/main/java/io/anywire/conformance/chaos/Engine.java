package io.anywire.conformance.chaos;

import io.anywire.testing.FreePorts;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import io.anywire.testing.RabbitMq;
import java.time.Duration;

/** A broker in a process of its own, and what can be done to it. Used by one thread at a time. */
interface Engine extends AutoCloseable {
  /** The engines, by the scheme of their URLs. */
  static Engine start(String name) {
    return switch (name) {
      case "anywire" -> new AnywireEngine();
      case "rabbitmq" -> new RabbitMqEngine(RabbitMq.start());
      default ->
          throw new IllegalArgumentException(
              "engine: " + name + " (expected: anywire or rabbitmq)");
    };
  }

  String url();

  int port();

  /** Whether what it acknowledged outlives its process. */
  boolean durable();

  void kill();

  /** Starts it again after {@link #kill}, and returns when it takes connections. */
  void restart();

  void freeze();

  void thaw();

  @Override
  void close();

  /** {@code memory:} behind {@code anywire://}. */
  final class AnywireEngine implements Engine {
    private static final Duration STARTED = Duration.ofSeconds(60);
    private final int port = FreePorts.next();
    private LocalProcess process = launch();

    @Override
    public String url() {
      return "anywire://127.0.0.1:" + port;
    }

    @Override
    public int port() {
      return port;
    }

    @Override
    public boolean durable() {
      return false;
    }

    @Override
    public void kill() {
      process.kill();
    }

    @Override
    public void restart() {
      process = launch();
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

    private LocalProcess launch() {
      LocalProcess started =
          JavaProcess.of(BrokerProcess.class).arguments(Integer.toString(port)).start();
      started.awaitLine(BrokerProcess.READY, STARTED);
      return started;
    }
  }

  /** A RabbitMQ server with quorum queues. */
  record RabbitMqEngine(RabbitMq server) implements Engine {
    @Override
    public String url() {
      return server.url();
    }

    @Override
    public int port() {
      return server.port();
    }

    @Override
    public boolean durable() {
      return true;
    }

    @Override
    public void kill() {
      server.kill();
    }

    @Override
    public void restart() {
      server.restart();
    }

    @Override
    public void freeze() {
      server.freeze();
    }

    @Override
    public void thaw() {
      server.thaw();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
