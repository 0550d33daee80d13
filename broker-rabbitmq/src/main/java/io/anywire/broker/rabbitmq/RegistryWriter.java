package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Appends to a stream. */
final class RegistryWriter {
  private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(5);
  private static final BasicProperties PERSISTENT =
      new BasicProperties.Builder().deliveryMode(2).build();

  private RegistryWriter() {}

  /**
   * Makes the stream where there is none, and appends to it.
   *
   * @throws io.grpc.StatusRuntimeException when that is not confirmed; it may have been appended
   */
  static void append(Connection connection, String stream, Collection<RegistryEntry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    try {
      Channel channel = SideChannel.open(connection);
      Declaration.stream(stream).declare(channel);
      channel.confirmSelect();
      for (RegistryEntry entry : entries) {
        channel.basicPublish("", stream, PERSISTENT, entry.bytes());
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
