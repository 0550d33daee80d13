package io.anywire.broker.rabbitmq;

import com.google.protobuf.ByteString;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.call.Threads;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A delivery that is not acknowledged yet. Its lease is its channel: when that closes, the broker
 * delivers the message again, and no outcome changes anything any more.
 *
 * <p>A message that is to be tried again or given up is published to where it belongs, and only
 * acknowledged when the broker has confirmed the copy; while that fails it stays leased, and the
 * copy is published again. RabbitMQ does not confirm acknowledgements: a {@link Outcome.Done}
 * counts when it is sent, and if it is lost with the connection, the message is delivered again.
 */
final class QueueDelivery implements Delivery {
  private static final Logger log = LoggerFactory.getLogger(QueueDelivery.class);
  private static final long LONGEST_PAUSE_SECONDS = 30;

  private final QueueSubscription subscription;
  private final Channel channel;
  private final long tag;
  private final BasicProperties properties;
  private final Message message;
  private final Bookkeeping noted;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  QueueDelivery(
      QueueSubscription subscription,
      Channel channel,
      long tag,
      BasicProperties properties,
      byte[] body) {
    this.subscription = subscription;
    this.channel = channel;
    this.tag = tag;
    this.properties = properties;
    this.message = CloudEventsBinding.message(properties, body);
    this.noted = Bookkeeping.of(properties);
  }

  @Override
  public Message message() {
    return message;
  }

  @Override
  public int attempts() {
    return noted.attempts();
  }

  @Override
  public int crashes() {
    return noted.crashes();
  }

  @Override
  public CompletionStage<Void> settle(Outcome outcome) {
    if (settled.compareAndSet(false, true)) {
      Backlog backlog = subscription.backlog();
      switch (outcome) {
        case Outcome.Done done -> acknowledge();
        case Outcome.RetryAfter retry ->
            replace(backlog.after(retry.delay(), copy(), noted.afterAttempt()), 1);
        case Outcome.Reject reject ->
            replace(backlog.dead(reject.status(), copy(), noted.afterAttempt()), 1);
      }
    }
    return result.copy();
  }

  /**
   * Puts the message back as if it had never been delivered; requeuing would count as a crash.
   *
   * @return completes, always with a failure, when that is done or has failed
   */
  CompletableFuture<Void> giveBack() {
    if (settled.compareAndSet(false, true) && leased()) {
      subscription
          .publisher()
          .republish(subscription.backlog().again(copy(), noted))
          .whenComplete((ok, failure) -> {
            if (failure == null) {
              drop();
            }
            leaseLost();
          });
    }
    return result;
  }

  private Backlog.Copy copy() {
    ByteString body = message.payload();
    return new Backlog.Copy(properties, body.toByteArray(), message.id());
  }

  private boolean leased() {
    if (!channel.isOpen()) {
      leaseLost();
      return false;
    }
    return true;
  }

  private void replace(Outgoing copy, long pauseSeconds) {
    if (!leased()) {
      return;
    }
    subscription
        .publisher()
        .republish(copy)
        .whenComplete((ok, failure) -> {
          if (failure == null) {
            acknowledge();
          } else {
            log.warn("{} could not be set aside: {}", message.id(), Errors.describe(failure));
            long next = Math.min(2 * pauseSeconds, LONGEST_PAUSE_SECONDS);
            CompletableFuture.delayedExecutor(pauseSeconds, TimeUnit.SECONDS, Threads.VIRTUAL)
                .execute(() -> replace(copy, next));
          }
        });
  }

  private void acknowledge() {
    if (drop()) {
      subscription.settled(this);
      result.complete(null);
    } else {
      leaseLost();
    }
  }

  /** Sends the acknowledgement; false when the channel is gone, and the message comes again. */
  private boolean drop() {
    try {
      channel.basicAck(tag, false);
      return true;
    } catch (IOException | ShutdownSignalException e) {
      return false;
    }
  }

  private void leaseLost() {
    StatusRuntimeException why =
        Errors.unavailable("the lease of message " + message.id() + " is lost; it comes again");
    subscription.settled(this);
    result.completeExceptionally(why);
  }
}
