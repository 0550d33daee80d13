package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.anywire.broker.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
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

  /**
   * An exchange.
   *
   * @param alternate the exchange that takes what no queue does; empty for none
   */
  record Exchange(String name, BuiltinExchangeType type, String alternate) implements Declaration {
    Exchange(String name, BuiltinExchangeType type) {
      this(name, type, "");
    }

    @Override
    public void declare(Channel channel) throws IOException {
      channel.exchangeDeclare(
          name,
          type,
          true,
          false,
          alternate.isEmpty() ? Map.of() : Map.of("alternate-exchange", alternate));
    }
  }

  /** That a queue gets what is published to an exchange with such a key. */
  record Binding(String queue, String exchange, String key) implements Declaration {
    @Override
    public void declare(Channel channel) throws IOException {
      AMQP.Queue.BindOk unused = channel.queueBind(queue, exchange, key);
    }
  }

  /** That it does not. */
  record NoBinding(String queue, String exchange, String key) implements Declaration {
    @Override
    public void declare(Channel channel) throws IOException {
      AMQP.Queue.UnbindOk unused = channel.queueUnbind(queue, exchange, key);
    }
  }

  /** That an exchange gets what is published to another with such a key. */
  record ExchangeBinding(String to, String from, String key) implements Declaration {
    @Override
    public void declare(Channel channel) throws IOException {
      AMQP.Exchange.BindOk unused = channel.exchangeBind(to, from, key);
    }
  }

  /** What a publisher to the topic needs; of calls only the servers make the queue. */
  static List<Declaration> forPublishing(Topic topic) {
    return switch (topic.kind()) {
      case QUEUE -> List.of(kept(Names.queue(topic, Topic.WORKERS)));
      case EVENTS -> List.of(new Exchange(Names.exchange(topic), BuiltinExchangeType.FANOUT));
      case CALLS -> List.of();
    };
  }

  /** What a subscription needs, apart from partitions. */
  static List<Declaration> forSubscribing(Topic topic, String subscription) {
    String queue = Names.queue(topic, subscription);
    return switch (topic.kind()) {
      case QUEUE -> join(List.of(kept(queue)), Delays.leaving(queue));
      case CALLS -> List.of(calls(queue));
      case EVENTS ->
          join(
              List.of(kept(queue)),
              forPublishing(topic),
              List.of(new Binding(queue, Names.exchange(topic), "")),
              Delays.leaving(queue));
    };
  }

  /** Several lists as one. */
  @SafeVarargs
  static List<Declaration> join(List<? extends Declaration>... parts) {
    return Arrays.stream(parts).<Declaration>flatMap(List::stream).toList();
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

  /** A durable queue that nobody takes from. */
  static Queue noticeBoard(String name) {
    return new Queue(name, true, false, Map.of());
  }

  /** A queue of calls: gone with its last server. */
  private static Queue calls(String name) {
    return new Queue(name, false, true, Map.of("x-expires", Duration.ofMinutes(1).toMillis()));
  }

  /** A kept queue of which one consumer at a time gets messages; another takes over from it. */
  static Queue partition(String name) {
    return new Queue(
        name,
        true,
        false,
        Map.of(
            "x-queue-type",
            "quorum",
            "x-delivery-limit",
            Integer.MAX_VALUE,
            "x-single-active-consumer",
            true));
  }

  /**
   * A queue in which messages rest before they go to the exchange {@code then}. Handing on at least
   * once needs a quorum queue that refuses what does not fit.
   */
  static Queue resting(String name, long millis, String then) {
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
            then,
            "x-dead-letter-strategy",
            "at-least-once",
            "x-overflow",
            "reject-publish"));
  }

  /** A queue that says by its length which choice was made, and holds nothing. */
  static Queue choice(String name, int choice, Duration keep) {
    long millis = Math.clamp(keep.toMillis(), 1, MAX_MILLIS);
    return new Queue(
        name,
        true,
        false,
        Map.of("x-queue-type", "classic", "x-max-length", choice + 1, "x-expires", millis));
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
