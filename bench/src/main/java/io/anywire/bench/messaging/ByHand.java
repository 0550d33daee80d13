package io.anywire.bench.messaging;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.InvalidProtocolBufferException;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.anywire.bench.client.Orders;
import io.anywire.bench.v1.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The same work with RabbitMQ's own client, as its documentation has it: persistent messages to a
 * quorum queue, mandatory and confirmed, the confirmations taken as they come; each message handled
 * on a virtual thread and acknowledged by itself.
 */
public final class ByHand implements Way {
  /** The argument of one that publishes to the queue. */
  public static final String QUEUE = "queue";

  /** The argument of one that publishes to a fanout exchange, to which the queue is bound. */
  public static final String FANOUT = "fanout";

  private static final String NAME = "by-hand";
  private static final int PREFETCH = 256;

  private final ExecutorService handlers = Executors.newVirtualThreadPerTaskExecutor();
  private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> unconfirmed =
      new ConcurrentSkipListMap<>();
  private final RoundTrips trips;
  private final Channel publishing;
  private final String exchange;
  private final String routingKey;

  private ByHand(RoundTrips trips, Connection publisher, Connection consumer, boolean fanout)
      throws IOException {
    this.trips = trips;
    this.exchange = fanout ? NAME : "";
    this.routingKey = fanout ? "" : NAME;
    publishing = publisher.createChannel();
    publishing.queueDeclare(NAME, true, false, false, Map.of("x-queue-type", "quorum"));
    if (fanout) {
      publishing.exchangeDeclare(NAME, "fanout", true);
      publishing.queueBind(NAME, NAME, "");
    }
    publishing.confirmSelect();
    publishing.addConfirmListener(this::confirmed, this::refused);
    publishing.addReturnListener(message -> {
      throw new IllegalStateException("returned: " + message.getReplyText());
    });
    Channel consuming = consumer.createChannel();
    consuming.basicQos(PREFETCH);
    consuming.basicConsume(NAME, false, new Worker(consuming));
  }

  /** The arguments after the port: {@link #QUEUE} or {@link #FANOUT}, and last the URL. */
  public static void main(String[] args) throws Exception {
    var trips = new RoundTrips();
    var factory = new ConnectionFactory();
    factory.setUri(args[args.length - 1].replace("rabbitmq:", "amqp:"));
    try (Connection publisher = factory.newConnection();
        Connection consumer = factory.newConnection()) {
      trips.over(new ByHand(trips, publisher, consumer, args[1].equals(FANOUT)));
      Orders.take(Integer.parseInt(args[0]), trips);
    }
  }

  /** For one thread at a time, as channels are. */
  @Override
  public CompletionStage<?> publish(Order order) {
    var properties =
        new BasicProperties.Builder()
            .deliveryMode(2)
            .contentType("application/protobuf")
            .messageId(UUID.randomUUID().toString())
            .type("anywire.bench.v1.Order")
            .timestamp(Date.from(Instant.now()))
            .build();
    var taken = new CompletableFuture<Void>();
    unconfirmed.put(publishing.getNextPublishSeqNo(), taken);
    try {
      publishing.basicPublish(exchange, routingKey, true, properties, order.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return taken;
  }

  private void confirmed(long number, boolean multiple) {
    if (multiple) {
      ConcurrentNavigableMap<Long, CompletableFuture<Void>> upTo =
          unconfirmed.headMap(number, true);
      upTo.values().forEach(taken -> taken.complete(null));
      upTo.clear();
    } else {
      requireNonNull(unconfirmed.remove(number)).complete(null);
    }
  }

  private void refused(long number, boolean multiple) {
    throw new IllegalStateException("refused: " + number);
  }

  private final class Worker extends DefaultConsumer {
    Worker(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      handlers.execute(() -> handle(envelope.getDeliveryTag(), body));
    }

    private void handle(long tag, byte[] body) {
      try {
        trips.handled(Order.parseFrom(body));
        getChannel().basicAck(tag, false);
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
