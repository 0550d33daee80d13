package io.anywire.bench;

import io.anywire.bench.Measurement.Latencies;
import io.anywire.bench.messaging.AnywireBroker;
import io.anywire.testing.FreePorts;
import io.anywire.testing.RabbitMq;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Tells processes to publish and handle. Each has a broker of its own, a RabbitMQ server or a
 * process that serves one, so that none takes another's messages.
 */
final class MessagingLoad implements Load {
  private static final Duration ONE_SECOND = Duration.ofSeconds(1);

  private final int perSecond;
  private final boolean alone;
  private final Deque<AutoCloseable> brokers = new ArrayDeque<>();

  /**
   * @param perSecond the rate at which latencies are measured
   * @param alone whether they are also measured one after the other
   */
  MessagingLoad(int perSecond, boolean alone) {
    this.perSecond = perSecond;
    this.alone = alone;
  }

  /** The URL that the subject's last argument, a scheme, is short for. */
  @Override
  public List<String> arguments(Subject subject) {
    return List.of(
        switch (subject.arguments().getLast()) {
          case "memory" -> "memory:bench";
          case "grpc" -> "grpc://127.0.0.1:" + FreePorts.next();
          case "anywire" -> "anywire://127.0.0.1:" + broker().target().port();
          case "rabbitmq" -> rabbitMq().url();
          default -> throw new BenchException("subject: " + subject);
        });
  }

  @Override
  public void verify(Target target) {
    run(target, ONE_SECOND).requireAllGood();
  }

  @Override
  public LoadResult run(Target target, Duration duration) {
    return Ordering.run(target, duration);
  }

  @Override
  public Latencies latencies(Target target, Duration duration) {
    return new Latencies(
        Ordering.paced(target, duration, perSecond),
        Latency.NONE,
        alone ? Ordering.alone(target, duration) : Latency.NONE);
  }

  @Override
  public void close() {
    while (!brokers.isEmpty()) {
      try {
        brokers.pop().close();
      } catch (Exception e) {
        throw new BenchException("a broker does not stop: " + e);
      }
    }
  }

  private SubjectProcess broker() {
    var started =
        new SubjectProcess(
            Subject.of("broker", AnywireBroker.class), Optional.empty(), List.of("memory:bench"));
    brokers.push(started);
    return started;
  }

  private RabbitMq rabbitMq() {
    RabbitMq started = RabbitMq.start();
    brokers.push(started);
    return started;
  }
}
