package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anywire.broker.Delivery;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer on a channel of its own, set up again whenever channel, queue or connection were lost.
 */
final class QueueSubscription implements Subscription, Link.Tenant, QueueDelivery.Holder {
  private static final Logger log = LoggerFactory.getLogger(QueueSubscription.class);
  private static final int MAX_PREFETCH = 65_535;
  private static final long GIVE_BACK_MILLIS = 5_000;

  private final Link link;
  private final Publisher publisher;
  private final Backlog backlog;
  private final List<Declaration> needs;
  private final int maxInFlight;
  private final Consumer<Delivery> receiver;
  private final Set<QueueDelivery> inFlight = ConcurrentHashMap.newKeySet();

  /** Held while a message is handed over, so that nothing is after {@link #stop}. */
  private final ReentrantLock gate = new ReentrantLock();

  private boolean stopped;
  private volatile @Nullable Worker worker;

  QueueSubscription(
      Link link,
      Publisher publisher,
      Backlog backlog,
      List<Declaration> needs,
      int maxInFlight,
      Consumer<Delivery> receiver) {
    this.link = link;
    this.publisher = publisher;
    this.backlog = backlog;
    this.needs = needs;
    this.maxInFlight = maxInFlight;
    this.receiver = receiver;
  }

  @Override
  public Backlog backlog() {
    return backlog;
  }

  @Override
  public Publisher publisher() {
    return publisher;
  }

  @Override
  public void settled(QueueDelivery delivery) {
    inFlight.remove(delivery);
  }

  @Override
  public void up(Connection connection) throws IOException {
    Worker before = worker;
    if (isStopped() || (before != null && before.isOn(connection))) {
      return;
    }
    link.topology().declareAgain(needs);
    worker = SideChannel.withChannel(connection, c -> new Worker(c).started());
    if (isStopped()) {
      abandon();
    }
  }

  @Override
  public void down() {
    inFlight.clear();
  }

  @Override
  public void stop() {
    gate.lock();
    try {
      if (stopped) {
        return;
      }
      stopped = true;
    } finally {
      gate.unlock();
    }
    link.moveOut(this);
    Worker last = worker;
    if (last != null) {
      last.stop();
    }
  }

  @Override
  public void close() {
    stop();
    CompletableFuture<?>[] back =
        inFlight.stream().map(QueueDelivery::giveBack).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(back)
        .completeOnTimeout(null, GIVE_BACK_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(lost -> null)
        .join();
    Worker last = worker;
    if (last != null) {
      last.acknowledgements.awaitNoted();
    }
    abandon();
  }

  @Override
  public void abandon() {
    stop();
    Worker last = worker;
    if (last != null) {
      SideChannel.abort(last.getChannel());
    }
    inFlight.clear();
  }

  @Override
  public String toString() {
    return "subscription " + backlog.queue();
  }

  private boolean isStopped() {
    gate.lock();
    try {
      return stopped;
    } finally {
      gate.unlock();
    }
  }

  /** The consumer on one channel. Called by one thread of the client at a time. */
  private final class Worker extends DefaultConsumer {
    private final Acknowledgements acknowledgements;

    Worker(Channel channel) {
      super(channel);
      // The handling of a call waits for it; that of a task or an event is over.
      boolean call = backlog.topic().kind() == Topic.Kind.CALLS;
      acknowledgements =
          new Acknowledgements(channel, call ? Duration.ZERO : Acknowledgements.MOMENT);
    }

    Worker started() throws IOException {
      getChannel().basicQos(Math.min(maxInFlight, MAX_PREFETCH));
      getChannel().basicConsume(backlog.queue(), false, this);
      return this;
    }

    boolean isOn(Connection connection) {
      return getChannel().isOpen() && getChannel().getConnection() == connection;
    }

    void stop() {
      try {
        String tag = getConsumerTag();
        if (tag != null && getChannel().isOpen()) {
          getChannel().basicCancel(tag);
        }
      } catch (IOException | ShutdownSignalException e) {
        log.debug("{} was gone when it stopped", this, e);
      }
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      long tag = envelope.getDeliveryTag();
      gate.lock();
      try {
        QueueDelivery.Origin origin =
            new QueueDelivery.Origin(acknowledgements, backlog.queue(), tag, properties, body);
        QueueDelivery delivery = QueueDelivery.of(QueueSubscription.this, origin);
        inFlight.add(delivery);
        if (stopped) {
          CompletableFuture<Void> unused = delivery.giveBack();
        } else {
          receiver.accept(delivery);
        }
      } catch (RuntimeException e) {
        log.error("A receiver of {} failed", backlog.queue(), e);
      } finally {
        gate.unlock();
      }
    }

    /** The queue was deleted, or its node is gone. */
    @Override
    public void handleCancel(String consumerTag) {
      SideChannel.abort(getChannel());
      link.restore(QueueSubscription.this);
    }

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
      if (!cause.isHardError() && !cause.isInitiatedByApplication()) {
        log.warn("{} lost its channel: {}", backlog.queue(), Errors.of(cause).getMessage());
        link.restore(QueueSubscription.this);
      }
    }
  }
}
