package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Subscription;
import io.anywire.call.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription that keeps the order of ordering keys: a consumer of the main queue, and one of
 * every {@link Partition}.
 *
 * <p>RabbitMQ gives each partition to one consumer at a time, in order ({@code
 * x-single-active-consumer}); {@link Balance} spreads them over the processes. Within this process
 * the messages of a key form a lane, whose first alone is handed over; lanes go on independently.
 * Messages that wait in their lane or rest before a retry stay unacknowledged: when the process or
 * its connection goes, the next consumer gets all of them again in the old order. They do not count
 * as in flight, but as far as the {@link #WINDOW} of their partition, beyond which the broker
 * delivers nothing more of it.
 *
 * <p>When the connection was lost, a lane whose first is still being handled waits for that before
 * anything that was delivered anew. How often a parked message was tried is remembered by its id
 * meanwhile.
 */
final class OrderedSubscription implements Subscription, Link.Tenant, QueueDelivery.Holder {
  private static final Logger log = LoggerFactory.getLogger(OrderedSubscription.class);

  /** How much of one partition may wait here. */
  private static final int WINDOW = 2_000;

  /** The tag of the main queue's consumer. */
  private static final String MAIN = "main";

  private static final int MAX_PREFETCH = 65_535;
  private static final int MAX_REMEMBERED = 10_000;
  private static final long GIVE_BACK_MILLIS = 5_000;

  private final Link link;
  private final Publisher publisher;
  private final Backlog backlog;
  private final List<Declaration> needs;
  private final List<Partition> partitions;
  private final Balance balance;
  private final int maxInFlight;
  private final Consumer<Delivery> receiver;
  private final BlockingQueue<QueueDelivery> ready = new LinkedBlockingQueue<>();
  private final Set<QueueDelivery> inFlight = ConcurrentHashMap.newKeySet();
  private final Semaphore room;
  private final Thread deliverer;

  /** Held while a message is handed over, so that nothing is after {@link #stop}. */
  private final ReentrantLock gate = new ReentrantLock();

  /** Attempts of parked messages whose channel was lost, by id. Guarded by itself. */
  private final Map<String, Bookkeeping> remembered =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bookkeeping> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private boolean stopped;
  private volatile @Nullable Acknowledgements main;

  OrderedSubscription(
      Link link,
      Publisher publisher,
      Backlog backlog,
      Partitions partitions,
      int maxInFlight,
      Consumer<Delivery> receiver,
      SideChannel reading) {
    this.link = link;
    this.publisher = publisher;
    this.backlog = backlog;
    this.needs = partitions.apart(backlog);
    int window = Math.min(Math.max(maxInFlight, WINDOW), MAX_PREFETCH);
    this.partitions =
        partitions.queues(backlog).stream()
            .map(queue -> new Partition(this, queue, window))
            .toList();
    this.balance = new Balance(reading, backlog.queue(), this.partitions);
    this.maxInFlight = maxInFlight;
    this.receiver = receiver;
    this.room = new Semaphore(maxInFlight);
    this.deliverer =
        Thread.ofVirtual().name("anywire-rabbitmq-" + backlog.queue()).start(this::deliver);
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
    boolean flew = inFlight.remove(delivery);
    if (flew) {
      room.release();
    }
    if (delivery instanceof KeyedDelivery keyed) {
      keyed.partition().lanes().leave(keyed.key(), keyed).ifPresent(ready::add);
      if (flew) {
        keyed.partition().exit();
      }
    }
  }

  /** Lets {@code again} take the place of {@code delivery}, and hands it over after a rest. */
  void park(KeyedDelivery delivery, KeyedDelivery again, Duration rest) {
    if (delivery.partition().lanes().replace(delivery.key(), delivery, again)) {
      Threads.timerThread().schedule(() -> ready.add(again), rest.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void up(Connection connection) throws IOException {
    if (isStopped()) {
      return;
    }
    Acknowledgements before = main;
    if (before == null
        || !before.channel().isOpen()
        || before.channel().getConnection() != connection) {
      link.topology().declareAgain(needs);
      main = SideChannel.withChannel(connection, this::consume);
    }
    for (Partition partition : partitions) {
      partition.ask(connection);
    }
    if (isStopped()) {
      abandon();
    }
  }

  @Override
  public void down() {
    partitions.forEach(this::forget);
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
    balance.close();
    deliverer.interrupt();
    cancelMain();
  }

  @Override
  public void close() {
    stop();
    List<QueueDelivery> waiting = new ArrayList<>(inFlight);
    ready.drainTo(waiting);
    CompletableFuture<?>[] back =
        waiting.stream()
            .filter(delivery -> !(delivery instanceof KeyedDelivery))
            .map(QueueDelivery::giveBack)
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(back)
        .completeOnTimeout(null, GIVE_BACK_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(lost -> null)
        .join();
    partitions.forEach(Partition::awaitNoted);
    Acknowledgements last = main;
    if (last != null) {
      last.awaitNoted();
    }
    abandon();
  }

  @Override
  public void abandon() {
    stop();
    Acknowledgements last = main;
    if (last != null) {
      SideChannel.abort(last.channel());
    }
    partitions.forEach(partition -> {
      partition.drop();
      forget(partition);
    });
  }

  @Override
  public String toString() {
    return "ordered subscription " + backlog.queue();
  }

  /**
   * Takes nothing more without a key. Those of the partitions stay consumed until the end: whoever
   * came next would go past what is still handled here.
   */
  private void cancelMain() {
    Acknowledgements last = main;
    try {
      if (last != null && last.channel().isOpen()) {
        last.channel().basicCancel(MAIN);
      }
    } catch (IOException | ShutdownSignalException e) {
      log.debug("{} was gone when it stopped", this, e);
    }
  }

  private Acknowledgements consume(Channel fresh) throws IOException {
    fresh.basicQos(Math.min(maxInFlight, MAX_PREFETCH));
    Unkeyed unkeyed = new Unkeyed(fresh);
    fresh.basicConsume(backlog.queue(), false, MAIN, unkeyed);
    return unkeyed.acknowledgements;
  }

  /** Nothing of that partition is handled any more, and another process may have it. */
  void given(Partition partition) {
    Threads.VIRTUAL.execute(() -> {
      partition.awaitNoted();
      partition.drop();
      forget(partition);
      link.restore(this);
    });
  }

  /** Drops what a channel that is gone had delivered, but for what is being handled. */
  void forget(Partition partition) {
    partition
        .lanes()
        .keepFirst(first -> {
          boolean handled = inFlight.contains(first);
          if (!handled && first.attempts() > 0) {
            synchronized (remembered) {
              remembered.put(first.message().id(), first.noted());
            }
          }
          return handled;
        });
  }

  private Bookkeeping noted(BasicProperties properties, Message message) {
    synchronized (remembered) {
      Bookkeeping known = remembered.remove(message.id());
      return known == null ? Bookkeeping.of(properties) : known;
    }
  }

  private boolean isStopped() {
    gate.lock();
    try {
      return stopped;
    } finally {
      gate.unlock();
    }
  }

  /** A message of a partition has come. Called by one thread at a time for one partition. */
  void arrived(Partition partition, QueueDelivery.Origin origin, Message message) {
    Bookkeeping noted = noted(origin.properties(), message);
    if (message.key().isEmpty()) {
      ready.add(new QueueDelivery(this, origin, message, noted));
      return;
    }
    Lanes<KeyedDelivery> lanes = partition.lanes();
    boolean first = lanes.isFree(message.key().get());
    KeyedDelivery delivery = new KeyedDelivery(this, partition, origin, message, noted, first);
    if (lanes.enter(delivery.key(), delivery)) {
      ready.add(delivery);
    }
  }

  /** A queue was deleted, or its node is gone. */
  void lost(Channel from) {
    SideChannel.abort(from);
    link.restore(this);
  }

  /** A channel is gone; with its connection, or alone. */
  void shutDown(String queue, ShutdownSignalException cause) {
    if (!cause.isHardError() && !cause.isInitiatedByApplication()) {
      log.warn("{} lost its channel: {}", queue, Errors.of(cause).getMessage());
      link.restore(this);
    }
  }

  private void deliver() {
    try {
      while (true) {
        QueueDelivery next = ready.take();
        room.acquire();
        if (!handOver(next)) {
          room.release();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the message is in flight now; one whose lease is lost comes again by itself. */
  private boolean handOver(QueueDelivery delivery) {
    gate.lock();
    try {
      if (stopped || !delivery.origin().channel().isOpen() || !enter(delivery)) {
        return false;
      }
      inFlight.add(delivery);
      receiver.accept(delivery);
      return true;
    } catch (RuntimeException e) {
      log.error("A receiver of {} failed", backlog.queue(), e);
      return true;
    } finally {
      gate.unlock();
    }
  }

  private static boolean enter(QueueDelivery delivery) {
    return !(delivery instanceof KeyedDelivery keyed) || keyed.partition().enter();
  }

  /** The consumer of what has no key. Called by one thread of the client at a time. */
  private final class Unkeyed extends DefaultConsumer {
    private final Acknowledgements acknowledgements;

    Unkeyed(Channel channel) {
      super(channel);
      acknowledgements = new Acknowledgements(channel, Duration.ZERO);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
      Message message = CloudEventsBinding.message(properties, body);
      QueueDelivery.Origin origin =
          new QueueDelivery.Origin(
              acknowledgements, backlog.queue(), envelope.getDeliveryTag(), properties, body);
      ready.add(
          new QueueDelivery(OrderedSubscription.this, origin, message, noted(properties, message)));
    }

    @Override
    public void handleCancel(String consumerTag) {
      lost(getChannel());
    }

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException cause) {
      shutDown(backlog.queue(), cause);
    }
  }
}
