package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of what goes through exchanges, by way of an exclusive queue that goes with its connection
 * and is made again on the next. What its receiver cannot take in time is dropped, the oldest
 * first.
 */
final class ExchangeTail implements Operations.Tail, Link.Tenant {
  private static final Logger log = LoggerFactory.getLogger(ExchangeTail.class);
  private static final int PREFETCH = 500;
  private static final int MOST_WAITING = 10_000;

  private final Link link;
  private final List<String> exchanges;
  private final Consumer<Message> receiver;
  private volatile boolean closed;
  private volatile @Nullable Reader reader;

  ExchangeTail(Link link, List<String> exchanges, Consumer<Message> receiver) {
    this.link = link;
    this.exchanges = exchanges;
    this.receiver = receiver;
  }

  @Override
  public void up(Connection connection) throws IOException {
    Reader before = reader;
    if (closed || (before != null && before.isOn(connection))) {
      return;
    }
    reader = SideChannel.withChannel(connection, c -> new Reader(c).started());
    if (closed) {
      close();
    }
  }

  @Override
  public void down() {}

  @Override
  public void close() {
    closed = true;
    link.moveOut(this);
    Reader last = reader;
    if (last != null) {
      SideChannel.abort(last.getChannel());
    }
  }

  @Override
  public String toString() {
    return "tail of " + exchanges;
  }

  private final class Reader extends DefaultConsumer {
    Reader(Channel channel) {
      super(channel);
    }

    Reader started() throws IOException {
      String queue = Names.tail();
      Channel channel = getChannel();
      channel.queueDeclare(queue, false, true, true, Map.of("x-max-length", MOST_WAITING));
      for (String exchange : exchanges) {
        channel.queueBind(queue, exchange, "#");
      }
      channel.basicQos(PREFETCH);
      channel.basicConsume(queue, false, this);
      return this;
    }

    boolean isOn(Connection connection) {
      return getChannel().isOpen() && getChannel().getConnection() == connection;
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body)
        throws IOException {
      try {
        if (!closed) {
          receiver.accept(CloudEventsBinding.message(properties, body));
        }
      } catch (RuntimeException e) {
        log.error("A receiver of {} failed", ExchangeTail.this, e);
      }
      getChannel().basicAck(envelope.getDeliveryTag(), false);
    }

    @Override
    public void handleCancel(String consumerTag) {
      SideChannel.abort(getChannel());
      link.restore(ExchangeTail.this);
    }

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
      if (!cause.isHardError() && !cause.isInitiatedByApplication()) {
        link.restore(ExchangeTail.this);
      }
    }
  }
}
