package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import io.anywire.broker.Capability;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.call.Threads;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
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
class QueueDelivery implements Delivery {
  private static final Logger log = LoggerFactory.getLogger(QueueDelivery.class);
  private static final long LONGEST_PAUSE_SECONDS = 30;

  /** Whose deliveries they are. */
  interface Holder {
    Backlog backlog();

    Publisher publisher();

    /** That delivery is no longer in flight. */
    void settled(QueueDelivery delivery);
  }

  /** A message as the broker delivered it. Only the channel that it came by can acknowledge it. */
  record Origin(
      Acknowledgements acknowledgements,
      String queue,
      long tag,
      BasicProperties properties,
      byte[] body) {
    Channel channel() {
      return acknowledgements.channel();
    }
  }

  private final Holder holder;
  private final Origin origin;
  private final Message message;
  private final Bookkeeping noted;
  private final AtomicBoolean settled = new AtomicBoolean();
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  QueueDelivery(Holder holder, Origin origin, Message message, Bookkeeping noted) {
    this.holder = holder;
    this.origin = origin;
    this.message = message;
    this.noted = noted;
  }

  static QueueDelivery of(Holder holder, Origin origin) {
    return new QueueDelivery(
        holder,
        origin,
        CloudEventsBinding.message(origin.properties(), origin.body()),
        Bookkeeping.of(origin.properties()));
  }

  @Override
  public final Message message() {
    return message;
  }

  @Override
  public final int attempts() {
    return noted.attempts();
  }

  @Override
  public int crashes() {
    return noted.crashes();
  }

  @Override
  public final CompletionStage<Void> settle(Outcome outcome) {
    if (outcome instanceof Outcome.Reject reject && reject.holdsKey()) {
      return CompletableFuture.failedFuture(
          Errors.unimplemented("RabbitMQ lacks the capability '" + Capability.HOLDING + "'"));
    }
    if (settled.compareAndSet(false, true)) {
      switch (outcome) {
        case Outcome.Done done -> acknowledge();
        case Outcome.RetryAfter retry ->
            retry(retry.delay(), retry.counts() ? noted.afterAttempt() : noted);
        case Outcome.Reject reject ->
            replace(
                holder
                    .backlog()
                    .dead(reject.status(), copy(), noted.afterAttempt(), origin.queue()),
                1);
      }
    }
    return result.copy();
  }

  /** Sees to it that the message comes again after {@code delay}, with {@code then} noted. */
  void retry(Duration delay, Bookkeeping then) {
    replace(holder.backlog().after(delay, copy(), then), 1);
  }

  /**
   * Puts the message back as if it had never been delivered; requeuing would count as a crash.
   *
   * @return completes, always with a failure, when that is done or has failed
   */
  CompletableFuture<Void> giveBack() {
    if (settled.compareAndSet(false, true) && leased()) {
      holder
          .publisher()
          .republish(holder.backlog().again(copy(), noted))
          .whenComplete((ok, failure) -> {
            if (failure == null) {
              origin.acknowledgements().add(origin.tag(), sent -> leaseLost());
            } else {
              leaseLost();
            }
          });
    }
    return result;
  }

  final Origin origin() {
    return origin;
  }

  final Bookkeeping noted() {
    return noted;
  }

  /** The message is safe with the broker, though not yet acknowledged. */
  final void setAside() {
    holder.settled(this);
    result.complete(null);
  }

  private Backlog.Copy copy() {
    return new Backlog.Copy(origin.properties(), origin.body(), message.id());
  }

  /** Whether the lease still holds; says so to whoever waits if not. */
  final boolean leased() {
    if (!origin.channel().isOpen()) {
      leaseLost();
      return false;
    }
    return true;
  }

  private void replace(Outgoing copy, long pauseSeconds) {
    if (!leased()) {
      return;
    }
    holder
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
    origin.acknowledgements().add(origin.tag(), this::acknowledged);
  }

  /**
   * @param sent false when the channel is gone, and the message comes again
   */
  private void acknowledged(boolean sent) {
    if (sent) {
      holder.settled(this);
      result.complete(null);
    } else {
      leaseLost();
    }
  }

  private void leaseLost() {
    StatusRuntimeException why =
        Errors.unavailable("the lease of message " + message.id() + " is lost; it comes again");
    holder.settled(this);
    result.completeExceptionally(why);
  }
}
