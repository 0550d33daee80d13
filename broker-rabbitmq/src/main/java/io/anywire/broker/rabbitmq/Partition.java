package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anywire.broker.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One partition of an {@link OrderedSubscription}: a consumer on a channel of its own, and the
 * lanes of what it was given.
 *
 * <p>RabbitMQ gives a partition to one consumer at a time. To let another have it, nothing more of
 * it is handed over, what is being handled is waited for, and then the channel is closed: the rest,
 * unacknowledged, goes to the next consumer in the old order, and this one asks again, behind the
 * others.
 */
final class Partition {
  private final OrderedSubscription subscription;
  private final String queue;
  private final int prefetch;
  private final Lanes<KeyedDelivery> lanes = new Lanes<>();
  private final AtomicInteger handled = new AtomicInteger();
  private volatile @Nullable Acknowledgements acknowledgements;
  private volatile boolean given;
  private volatile boolean leaving;
  private final AtomicBoolean gone = new AtomicBoolean();

  Partition(OrderedSubscription subscription, String queue, int prefetch) {
    this.subscription = subscription;
    this.queue = queue;
    this.prefetch = prefetch;
  }

  Lanes<KeyedDelivery> lanes() {
    return lanes;
  }

  /** Whether the broker has given this process anything of it since it asked. */
  boolean isHeld() {
    return given && !leaving;
  }

  /** Whether something of it rests before a retry; another process would not know of it. */
  boolean isRetrying() {
    return lanes.anyFirst(first -> first.attempts() > 0);
  }

  /** Asks for it on {@code connection}, where it has not yet. */
  void ask(Connection connection) throws IOException {
    Acknowledgements before = acknowledgements;
    if (before != null
        && before.channel().isOpen()
        && before.channel().getConnection() == connection) {
      return;
    }
    subscription.forget(this);
    given = false;
    leaving = false;
    gone.set(false);
    acknowledgements =
        SideChannel.withChannel(
            connection,
            fresh -> {
              fresh.basicQos(prefetch);
              Arrivals arrivals = new Arrivals(fresh);
              fresh.basicConsume(queue, false, arrivals);
              return arrivals.acknowledgements;
            });
  }

  /** Lets another process have it, as soon as nothing of it is being handled. */
  void leave() {
    leaving = true;
    goWhenIdle();
  }

  /**
   * Something of it is about to be handled.
   *
   * @return false when nothing of it is to be any more
   */
  boolean enter() {
    handled.incrementAndGet();
    if (leaving) {
      exit();
      return false;
    }
    return true;
  }

  /** That is no longer handled. */
  void exit() {
    handled.decrementAndGet();
    goWhenIdle();
  }

  /** Waits until the broker has noted what was acknowledged. */
  void awaitNoted() {
    Acknowledgements last = acknowledgements;
    if (last != null) {
      last.awaitNoted();
    }
  }

  /** Closes its channel. */
  void drop() {
    Acknowledgements last = acknowledgements;
    if (last != null) {
      SideChannel.abort(last.channel());
    }
  }

  private void goWhenIdle() {
    if (leaving && handled.get() == 0 && gone.compareAndSet(false, true)) {
      subscription.given(this);
    }
  }

  /** Called by one thread of the client at a time. */
  private final class Arrivals extends DefaultConsumer {
    private final Acknowledgements acknowledgements;

    Arrivals(Channel channel) {
      super(channel);
      acknowledgements = new Acknowledgements(channel, Duration.ZERO);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      given = true;
      Message message = CloudEventsBinding.message(properties, body);
      subscription.arrived(
          Partition.this,
          new QueueDelivery.Origin(
              acknowledgements, queue, envelope.getDeliveryTag(), properties, body),
          message);
    }

    /** The queue was deleted, or its node is gone. */
    @Override
    public void handleCancel(String consumerTag) {
      subscription.lost(getChannel());
    }

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
      subscription.shutDown(queue, cause);
    }
  }
}
