package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.anywire.broker.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Something that has to be in the broker. Declaring twice is harmless, declaring differently is an
 * error.
 */
sealed interface Declaration {
  /** As far as AMQP's milliseconds reach, near enough: 49 days. */
  long MAX_MILLIS = 0xFFFF_FFFFL;

  void declare(Channel channel) throws IOException;

  /** Whether it may vanish when unused, so that having declared it once is not enough. */
  default boolean vanishes() {
    return false;
  }

  /** A queue. */
  record Queue(String name, boolean durable, boolean autoDelete, Map<String, Object> arguments)
      implements Declaration {
    @Override
    public void declare(Channel channel) throws IOException {
      channel.queueDeclare(name, durable, false, autoDelete, arguments);
    }

    @Override
    public boolean vanishes() {
      return autoDelete || arguments.containsKey("x-expires");
    }
  }

  /** A fan-out exchange. */
  record Exchange(String name) implements Declaration {
    @Override
    public void declare(Channel channel) throws IOException {
      channel.exchangeDeclare(name, BuiltinExchangeType.FANOUT, true);
    }
  }

  /** That a queue gets what is published to an exchange. */
  record Binding(String queue, String exchange) implements Declaration {
    @Override
    public void declare(Channel channel) throws IOException {
      AMQP.Queue.BindOk unused = channel.queueBind(queue, exchange, "");
    }
  }

  /** What a publisher to the topic needs; of calls only the servers make the queue. */
  static List<Declaration> forPublishing(Topic topic) {
    return switch (topic.kind()) {
      case QUEUE -> List.of(kept(Names.queue(topic, Topic.WORKERS)));
      case EVENTS -> List.of(new Exchange(Names.exchange(topic)));
      case CALLS -> List.of();
    };
  }

  /** What a subscription needs. */
  static List<Declaration> forSubscribing(Topic topic, String subscription) {
    String queue = Names.queue(topic, subscription);
    return switch (topic.kind()) {
      case QUEUE -> List.of(kept(queue));
      case CALLS -> List.of(calls(queue));
      case EVENTS -> {
        String exchange = Names.exchange(topic);
        yield List.of(kept(queue), new Exchange(exchange), new Binding(queue, exchange));
      }
    };
  }

  /**
   * A quorum queue. RabbitMQ 4 drops a message after 20 deliveries unless told otherwise; whether
   * one is given up is not the engine's to decide.
   *
   * <p>A crash of the broker within about half a second of the making of such a queue can cost it:
   * RabbitMQ does not write down at once where its log is, confirms messages all the same, and
   * brings the queue back empty and without a leader. Only deleting it helps then.
   */
  static Queue kept(String name) {
    return new Queue(
        name, true, false, Map.of("x-queue-type", "quorum", "x-delivery-limit", Integer.MAX_VALUE));
  }

  /** A queue of calls: gone with its last server. */
  private static Queue calls(String name) {
    return new Queue(name, false, true, Map.of("x-expires", Duration.ofMinutes(1).toMillis()));
  }

  /**
   * A queue in which messages rest before they go to {@code target}. A message's own time to live
   * is looked at only when it reaches the head, so each delay has a queue. Handing on at least once
   * needs a quorum queue that refuses what does not fit. It outlives its last use by far more than
   * the delay, since its expiry takes no notice of messages in it.
   */
  static Queue resting(String name, long millis, String target) {
    return new Queue(
        name,
        true,
        false,
        Map.of(
            "x-queue-type",
            "quorum",
            "x-delivery-limit",
            Integer.MAX_VALUE,
            "x-message-ttl",
            millis,
            "x-dead-letter-exchange",
            "",
            "x-dead-letter-routing-key",
            target,
            "x-dead-letter-strategy",
            "at-least-once",
            "x-overflow",
            "reject-publish",
            "x-expires",
            Math.min(MAX_MILLIS, 2 * millis + Duration.ofMinutes(10).toMillis())));
  }

  /** A queue that holds the last value only. */
  static Queue result(String name, Duration keep) {
    long millis = Math.clamp(keep.toMillis(), 1, MAX_MILLIS);
    return new Queue(
        name,
        true,
        false,
        Map.of(
            "x-queue-type",
            "classic",
            "x-max-length",
            1,
            "x-overflow",
            "drop-head",
            "x-expires",
            millis));
  }
}
