package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A channel on which every publish is confirmed. A message that no queue takes comes back before
 * its confirmation, with our mark in a header, so it has failed by then.
 *
 * <p>Published to by one thread; the rest is called by the client's.
 */
final class ConfirmChannel {
  private final Channel channel;
  private final Consumer<ShutdownSignalException> closed;
  private final Runnable returned;
  private final Map<Long, Pending> outstanding = new ConcurrentHashMap<>();

  /** Everything up to here is settled. Of the client's thread only. */
  private long settled;

  /**
   * @param returned told that a queue which had to be there was not
   * @param closed told when the broker closed the channel
   */
  ConfirmChannel(Connection connection, Runnable returned, Consumer<ShutdownSignalException> closed)
      throws IOException {
    this.channel = SideChannel.open(connection);
    this.returned = returned;
    this.closed = closed;
    channel.addReturnListener(this::onReturn);
    channel.addConfirmListener(
        (number, multiple) -> answered(number, multiple, Pending::succeed),
        (number, multiple) -> answered(number, multiple, p -> p.fail(refused())));
    channel.addShutdownListener(this::onClosed);
    channel.confirmSelect();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  boolean isIdle() {
    return outstanding.isEmpty();
  }

  /** Publishes; {@code pending} is completed later, or now when that fails. */
  void publish(Pending pending) {
    Outgoing out = pending.outgoing();
    long number = channel.getNextPublishSeqNo();
    Route route = out.route();
    boolean mandatory = route.ifReturned().isPresent();
    outstanding.put(number, pending);
    try {
      channel.basicPublish(
          route.exchange(), route.routingKey(), mandatory, out.properties(), out.body());
    } catch (IOException | RuntimeException e) {
      // Our count and the broker's may differ now.
      settle(number, p -> p.fail(Errors.of(e)));
      SideChannel.abort(channel);
    }
  }

  private void onReturn(Return message) {
    Optional<String> mark = Bookkeeping.mark(message.getProperties());
    outstanding.forEach((number, pending) -> {
      Outgoing out = pending.outgoing();
      if (mark.isPresent() && mark.equals(Bookkeeping.mark(out.properties()))) {
        Status status = out.route().ifReturned().orElse(Status.UNAVAILABLE);
        settle(number, p -> p.fail(status.asRuntimeException()));
        returned.run();
      }
    });
  }

  private void answered(long number, boolean multiple, Consumer<Pending> outcome) {
    if (!multiple) {
      settle(number, outcome);
      return;
    }
    while (settled < number) {
      settle(++settled, outcome);
    }
  }

  private void settle(long number, Consumer<Pending> outcome) {
    Pending pending = outstanding.remove(number);
    if (pending != null) {
      outcome.accept(pending);
    }
  }

  private void onClosed(ShutdownSignalException cause) {
    StatusRuntimeException why =
        Errors.unavailable(
            "not confirmed, so RabbitMQ may have the message or not: "
                + Errors.of(cause).getStatus().getDescription());
    outstanding.keySet().forEach(number -> settle(number, p -> p.fail(why)));
    closed.accept(cause);
  }

  private static StatusRuntimeException refused() {
    return Status.RESOURCE_EXHAUSTED
        .withDescription("RabbitMQ refused the message: the queue is full or cannot store it")
        .asRuntimeException();
  }
}
