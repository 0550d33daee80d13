package io.anywire.bench.messaging;

import io.anywire.Anywire;
import io.anywire.bench.client.CallResult;
import io.anywire.bench.client.Failures;
import io.anywire.bench.client.LatencyResult;
import io.anywire.bench.client.Orders;
import io.anywire.bench.client.Runner;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Messages through one or many topics of a store that may have a backlog: one publisher, which goes
 * round the topics, and consumers of all subscriptions in the same process. Counted is what was
 * delivered and settled while the publisher published.
 */
public final class StoreMessages implements Runner {
  private static final int GRAIN = 50;
  private static final int IN_FLIGHT = 1_024;

  private final Broker broker;
  private final List<Topic> topics;
  private final List<String> subscriptions;
  private final byte[] payload;
  private final int copies;
  private final int room;
  private final Semaphore unacknowledged;
  private final Semaphore unsettled;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();
  private final List<Subscription> open = new ArrayList<>();
  private final boolean backlog;
  private volatile Failures failures = new Failures();
  private long missing;
  private long published;

  private StoreMessages(
      Broker broker, MessageArguments given, int topics, int subscriptions, long backlog) {
    this.broker = broker;
    this.topics = IntStream.range(0, topics).mapToObj(i -> topic(i, subscriptions)).toList();
    this.subscriptions =
        subscriptions == 0
            ? List.of(Topic.WORKERS)
            : IntStream.range(0, subscriptions).mapToObj(i -> "subscription-" + i).toList();
    this.backlog = backlog > 0;
    missing = backlog / GRAIN;
    copies = Math.max(1, subscriptions);
    payload = new byte[given.payload()];
    room = Math.max(2, given.inFlight() / GRAIN);
    unacknowledged = new Semaphore(room);
    unsettled = new Semaphore(Math.max(2, room / copies));
  }

  /**
   * The arguments after the port: how many topics; how many subscriptions, 0 for those of queues;
   * and how many messages are published before any is delivered. The URL is the last, as place.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    MessageArguments given = MessageArguments.of(args);
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      var runner =
          new StoreMessages(
              anywire.broker(given.place()),
              given,
              Integer.parseInt(args[1]),
              Integer.parseInt(args[2]),
              Long.parseLong(args[3]));
      Orders.take(given.port(), runner);
    }
  }

  @Override
  public CallResult run(Duration length) throws InterruptedException {
    failures = new Failures();
    fill();
    subscribe();
    long before = settled.get();
    long start = System.nanoTime();
    while (System.nanoTime() - start < length.toNanos() && failures.count() == 0) {
      unsettled.acquire();
      publishGrain();
    }
    long handled = settled.get() - before;
    double seconds = (System.nanoTime() - start) / 1e9;
    end();
    return new CallResult(handled, failures.count(), seconds, failures.first());
  }

  @Override
  public LatencyResult paced(Duration length, int perSecond) {
    throw new UnsupportedOperationException("not measured");
  }

  @Override
  public LatencyResult alone(Duration length) {
    throw new UnsupportedOperationException("not measured");
  }

  private static Topic topic(int number, int subscriptions) {
    String name = "topic-" + number;
    return subscriptions == 0 ? Topic.queue(name) : Topic.events(name);
  }

  /** Publishes the backlog, the first time. */
  private void fill() throws InterruptedException {
    for (; missing > 0; missing--) {
      publishGrain();
    }
  }

  private void subscribe() {
    if (!open.isEmpty()) {
      return;
    }
    for (Topic topic : topics) {
      for (String subscription : subscriptions) {
        open.add(broker.subscribe(topic, subscription, IN_FLIGHT, this::receive));
      }
    }
  }

  private void publishGrain() throws InterruptedException {
    unacknowledged.acquire();
    String time = Instant.now().toString();
    for (int i = 0; i < GRAIN; i++) {
      Topic topic = topics.get((int) (published % topics.size()));
      Event event = Event.of(published++, time, payload);
      broker
          .publish(topic, BrokerQueue.message(event))
          .whenComplete((done, failure) -> acknowledge(failure));
    }
  }

  private void acknowledge(@Nullable Throwable failure) {
    note(failure);
    if (acknowledged.incrementAndGet() % GRAIN == 0) {
      unacknowledged.release();
    }
  }

  private void receive(Delivery delivery) {
    received.incrementAndGet();
    delivery.settle(Outcome.DONE).whenComplete((done, failure) -> settle(failure));
  }

  private void settle(@Nullable Throwable failure) {
    note(failure);
    if (settled.incrementAndGet() % ((long) GRAIN * copies) == 0) {
      unsettled.release();
    }
  }

  private void note(@Nullable Throwable failure) {
    if (failure != null) {
      failures.add(failure);
    }
  }

  /** Waits for what is under way. A backlog is kept: nothing is delivered between two runs. */
  private void end() throws InterruptedException {
    await(() -> acknowledged.get() == published, "acknowledged");
    if (backlog) {
      open.forEach(Subscription::close);
      open.clear();
      await(() -> received.get() == settled.get(), "settled");
    } else {
      await(() -> settled.get() == published * copies, "settled");
    }
  }

  private void await(BooleanSupplier over, String what) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!over.getAsBoolean() && failures.count() == 0) {
      if (System.nanoTime() - end > 0) {
        failures.add(new IllegalStateException("messages were not " + what));
      }
      Thread.sleep(1);
    }
  }
}
