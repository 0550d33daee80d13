package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Adds to a durable queue. */
final class RegistryWriter {
  private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);
  private static final BasicProperties PERSISTENT =
      new BasicProperties.Builder().deliveryMode(2).build();

  private RegistryWriter() {}

  /**
   * Makes the queue where there is none, and adds to it.
   *
   * @throws io.grpc.StatusRuntimeException when that is not confirmed; it may have been added
   */
  static void append(Connection connection, String queue, Collection<RegistryEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    try {
      Channel channel = SideChannel.open(connection);
      Declaration.noticeBoard(queue).declare(channel);
      channel.confirmSelect();
      for (RegistryEntry entry : entries) {
        channel.basicPublish("", queue, PERSISTENT, entry.bytes());
      }
      channel.waitForConfirmsOrDie(PATIENCE_MILLIS);
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw Errors.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.unavailable("interrupted while noting a topic");
    }
  }
}
