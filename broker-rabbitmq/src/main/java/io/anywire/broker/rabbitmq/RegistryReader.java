package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a queue without taking anything: all is fetched, and goes back when the channel closes. Of
 * all processes one reads at a time, whose connection has an exclusive queue for a sign; the others
 * would find the queue empty meanwhile.
 */
final class RegistryReader {
  private RegistryReader() {}

  /**
   * What is in the queue. For one thread of a connection at a time.
   *
   * @throws StatusRuntimeException {@code NOT_FOUND} when there is no such queue, {@code
   *     UNAVAILABLE} while another process reads
   */
  static List<RegistryEntry> all(Connection connection, String queue) {
    String sign = queue + ".reader";
    hangOut(connection, sign);
    try {
      return fetched(connection, queue);
    } finally {
      takeIn(connection, sign);
    }
  }

  private static List<RegistryEntry> fetched(Connection connection, String queue) {
    try {
      Channel channel = SideChannel.open(connection);
      try {
        List<RegistryEntry> entries = new ArrayList<>();
        for (GetResponse next = channel.basicGet(queue, false);
            next != null;
            next = channel.basicGet(queue, false)) {
          RegistryEntry.of(next.getBody()).ifPresent(entries::add);
        }
        return entries;
      } finally {
        SideChannel.abort(channel);
      }
    } catch (IOException | ShutdownSignalException e) {
      throw Errors.of(e);
    }
  }

  private static void hangOut(Connection connection, String sign) {
    try {
      Channel channel = SideChannel.open(connection);
      try {
        channel.queueDeclare(sign, false, true, true, Map.of());
      } finally {
        SideChannel.abort(channel);
      }
    } catch (IOException | ShutdownSignalException e) {
      StatusRuntimeException why = Errors.of(e);
      throw why.getStatus().getCode() == Status.Code.UNAVAILABLE
          ? why
          : Errors.unavailable("another process reads the topics: " + why.getMessage());
    }
  }

  private static void takeIn(Connection connection, String sign) {
    try {
      Channel channel = SideChannel.open(connection);
      try {
        channel.queueDelete(sign);
      } finally {
        SideChannel.abort(channel);
      }
    } catch (IOException | ShutdownSignalException e) {
      // It goes with its connection.
    }
  }
}
