package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import io.anywire.call.Threads;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A channel for requests that are answered, one at a time. RabbitMQ closes a channel on every
 * error; this one is then opened again by the next request. Blocking; thread-safe; not for the
 * threads that run the client's callbacks.
 */
final class SideChannel {
  private final Link link;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Channel channel;

  /** What is done on the channel. */
  interface Work<T> {
    T on(Channel channel) throws IOException;
  }

  SideChannel(Link link) {
    this.link = link;
  }

  /**
   * Runs {@code work} on the channel, alone.
   *
   * @throws io.grpc.StatusRuntimeException when the broker refuses or is gone
   */
  <T> T call(Work<T> work) {
    lock.lock();
    try {
      return work.on(opened());
    } catch (IOException | ShutdownSignalException e) {
      dropChannel();
      throw Errors.of(e);
    } finally {
      lock.unlock();
    }
  }

  private Channel opened() throws IOException {
    Channel open = channel;
    if (open == null || !open.isOpen()) {
      open = open(link.current());
      channel = open;
    }
    return open;
  }

  private void dropChannel() {
    Channel broken = channel;
    channel = null;
    if (broken != null && broken.isOpen()) {
      Threads.VIRTUAL.execute(() -> abort(broken));
    }
  }

  /**
   * Opens a channel and sets it up; it stays open unless that fails.
   *
   * @return what {@code work} returned
   */
  static <T> T withChannel(Connection connection, Work<T> work) throws IOException {
    Channel channel = open(connection);
    try {
      return work.on(channel);
    } catch (IOException | RuntimeException e) {
      Threads.VIRTUAL.execute(() -> abort(channel));
      throw e;
    }
  }

  /** A new channel of {@code connection}. */
  static Channel open(Connection connection) throws IOException {
    return connection
        .openChannel()
        .orElseThrow(() -> Errors.unavailable("the connection has no channel left"));
  }

  /** Closes without complaint. */
  static void abort(Channel channel) {
    try {
      channel.abort();
    } catch (IOException | ShutdownSignalException e) {
      // Closed is what it was to be.
    }
  }
}
