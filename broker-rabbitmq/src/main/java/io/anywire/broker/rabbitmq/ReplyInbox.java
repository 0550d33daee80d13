package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exclusive queue, which goes with its connection; each connection gets one of another name. */
final class ReplyInbox implements Inbox, Link.Tenant {
  private static final Logger log = LoggerFactory.getLogger(ReplyInbox.class);

  private final Link link;
  private final InboxReceiver receiver;
  private volatile boolean closed;
  private volatile @Nullable Reader reader;

  ReplyInbox(Link link, InboxReceiver receiver) {
    this.link = link;
    this.receiver = receiver;
  }

  @Override
  public String address() {
    Reader now = reader;
    if (now == null || !now.getChannel().isOpen()) {
      throw Errors.unavailable(
          closed ? "the inbox is closed" : "the inbox was lost with its connection");
    }
    return now.queue;
  }

  @Override
  public void up(Connection connection) throws IOException {
    Reader before = reader;
    if (closed
        || (before != null
            && before.getChannel().isOpen()
            && before.getChannel().getConnection() == connection)) {
      return;
    }
    reader = SideChannel.withChannel(connection, c -> new Reader(c, Names.inbox()).started());
    if (closed) {
      close();
    }
  }

  @Override
  public void down() {
    reader = null;
    try {
      if (!closed) {
        receiver.lost();
      }
    } catch (RuntimeException e) {
      log.error("A receiver of an inbox failed to take its loss", e);
    }
  }

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
    return "inbox";
  }

  private final class Reader extends DefaultConsumer {
    private final String queue;

    Reader(Channel channel, String queue) {
      super(channel);
      this.queue = queue;
    }

    Reader started() throws IOException {
      getChannel().queueDeclare(queue, false, true, true, Map.of());
      getChannel().basicConsume(queue, true, this);
      return this;
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      try {
        if (!closed) {
          receiver.receive(CloudEventsBinding.message(properties, body));
        }
      } catch (RuntimeException e) {
        log.error("A receiver of {} failed", queue, e);
      }
    }

    @Override
    public void handleCancel(String consumerTag) {
      SideChannel.abort(getChannel());
      restore();
    }

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
      if (!cause.isHardError() && !cause.isInitiatedByApplication()) {
        restore();
      }
    }

    private void restore() {
      down();
      link.restore(ReplyInbox.this);
    }
  }
}
