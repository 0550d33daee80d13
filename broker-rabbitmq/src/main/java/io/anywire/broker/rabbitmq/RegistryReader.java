package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Reads a stream from its first entry to the one that is the last when reading begins.
 *
 * <p>A stream does not say where it ends, but hands out its last chunk, whole: so that is asked for
 * first, and the offset of its last entry is where the reading from the first may end. What the
 * client heard before its cancelling is answered belongs to that chunk.
 */
final class RegistryReader extends DefaultConsumer {
  private static final int CREDIT = 1_000;

  /** A stream that says nothing for so long is empty: its maker has not written yet. */
  private static final long EMPTY_MILLIS = 2_000;

  private static final long PATIENCE_SECONDS = 30;

  private final long until;
  private final CompletableFuture<Void> begun = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  // Written by the client's thread, read when that has completed one of the two.
  private final List<RegistryEntry> entries = new ArrayList<>();
  private long last;

  private RegistryReader(Channel channel, long until) {
    super(channel);
    this.until = until;
  }

  /**
   * What is in the stream, in order.
   *
   * @throws io.grpc.StatusRuntimeException {@code NOT_FOUND} when there is none
   */
  static List<RegistryEntry> all(Connection connection, String stream) {
    try {
      Channel channel = SideChannel.open(connection);
      try {
        channel.basicQos(CREDIT);
        RegistryReader tip = new RegistryReader(channel, Long.MAX_VALUE);
        String tag = tip.consume(stream, "last");
        if (!tip.hasBegun()) {
          return List.of();
        }
        channel.basicCancel(tag);
        tip.ended.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        RegistryReader all = new RegistryReader(channel, tip.last);
        all.consume(stream, "first");
        all.ended.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        return List.copyOf(all.entries);
      } finally {
        SideChannel.abort(channel);
      }
    } catch (IOException | ShutdownSignalException | CompletionException e) {
      throw Errors.of(e);
    }
  }

  private String consume(String stream, String from) throws IOException {
    return getChannel().basicConsume(stream, false, Map.of("x-stream-offset", from), this);
  }

  private boolean hasBegun() {
    return begun
        .thenApply(first -> true)
        .completeOnTimeout(false, EMPTY_MILLIS, TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void handleDelivery(
      String consumerTag, Envelope envelope, BasicProperties properties, byte[] body)
      throws IOException {
    if (ended.isDone()) {
      return;
    }
    RegistryEntry.of(body).ifPresent(entries::add);
    Object offset = CloudEventsBinding.headers(properties).get("x-stream-offset");
    last = offset instanceof Number n ? n.longValue() : last + 1;
    begun.complete(null);
    getChannel().basicAck(envelope.getDeliveryTag(), false);
    if (last >= until) {
      ended.complete(null);
    }
  }

  @Override
  public void handleCancelOk(String consumerTag) {
    ended.complete(null);
  }

  @Override
  public void handleCancel(String consumerTag) {
    fail(Errors.unavailable("the stream of topics is gone just now"));
  }

  @Override
  public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
    fail(cause);
  }

  private void fail(RuntimeException why) {
    begun.completeExceptionally(why);
    ended.completeExceptionally(why);
  }
}
