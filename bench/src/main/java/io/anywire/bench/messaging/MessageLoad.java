package io.anywire.bench.messaging;

import io.anywire.bench.client.CallResult;
import io.anywire.bench.client.Failures;
import io.anywire.bench.client.LatencyResult;
import io.anywire.bench.client.Orders;
import io.anywire.bench.client.Pace;
import io.anywire.bench.client.Receipts;
import io.anywire.bench.client.Runner;
import io.anywire.bench.client.Samples;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Passes messages through a queue, the same for every engine: so many publishers publish, and at
 * most so many messages are not acknowledged yet, or not settled. Room is given in grains of
 * {@value #GRAIN} messages, so that no publisher wakes up for a single one.
 */
public final class MessageLoad implements Runner, Progress {
  /** The least that can be under way. */
  public static final int GRAIN = 50;

  private final int publishers;
  private final byte[] payload;
  private final int room;
  private final Semaphore unacknowledged;
  private final Semaphore unsettled;
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();
  private volatile Failures failures = new Failures();
  private volatile @Nullable Paced paced;
  private final MessageQueue queue;

  /** Those that were published at a steady rate. */
  private record Paced(long first, long[] began, Samples received, Samples acknowledged) {
    void add(Samples samples, long number) {
      int index = (int) (number - first);
      if (index >= 0 && index < began.length) {
        samples.add(began[index]);
      }
    }
  }

  @SuppressWarnings("this-escape") // The queue delivers nothing before something is published.
  private MessageLoad(
      MessageArguments given, int publishers, Function<Progress, MessageQueue> engine) {
    this.publishers = publishers;
    payload = new byte[given.payload()];
    room = given.inFlight() / GRAIN;
    unacknowledged = new Semaphore(room);
    unsettled = new Semaphore(room);
    queue = engine.apply(this);
  }

  /** Does as it is told, until the process is killed. */
  public static void take(
      MessageArguments given, int publishers, Function<Progress, MessageQueue> engine)
      throws IOException, InterruptedException {
    Orders.take(given.port(), new MessageLoad(given, publishers, engine));
  }

  @Override
  public CallResult run(Duration length) throws InterruptedException {
    failures = new Failures();
    long before = acknowledged.get();
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < publishers; i++) {
      threads.add(
          Thread.ofVirtual().name("publisher-" + i).start(() -> publish(start + length.toNanos())));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    awaitAll();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new CallResult(acknowledged.get() - before, failures.count(), seconds, failures.first());
  }

  @Override
  public Receipts receipts(Duration length, int perSecond) throws InterruptedException {
    failures = new Failures();
    int most = (int) (length.toSeconds() + 1) * perSecond;
    var messages = new Paced(next.get(), new long[most], new Samples(most), new Samples(most));
    paced = messages;
    Pace.keep(
        length,
        perSecond,
        due -> {
          takeRoom();
          messages.began[(int) (next.get() - messages.first)] = due;
          publishNext();
        });
    fillGrain();
    awaitAll();
    paced = null;
    return new Receipts(result(messages.received), result(messages.acknowledged));
  }

  @Override
  public LatencyResult paced(Duration length, int perSecond) throws InterruptedException {
    return receipts(length, perSecond).received();
  }

  @Override
  public LatencyResult alone(Duration length) {
    throw new UnsupportedOperationException("not measured");
  }

  @Override
  public void acknowledged(long number) {
    Paced messages = paced;
    if (messages != null) {
      messages.add(messages.acknowledged, number);
    }
    if (acknowledged.incrementAndGet() % GRAIN == 0) {
      unacknowledged.release();
    }
  }

  @Override
  public void received(String id, int bytes) {
    if (bytes != payload.length) {
      failed(new IllegalStateException(bytes + " bytes (expected: " + payload.length + ")"));
    }
    Paced messages = paced;
    if (messages != null) {
      messages.add(messages.received, Event.number(id));
    }
  }

  @Override
  public void settled() {
    if (settled.incrementAndGet() % GRAIN == 0) {
      unsettled.release();
    }
  }

  @Override
  public void failed(Throwable why) {
    failures.add(why);
  }

  private void publish(long end) {
    while (System.nanoTime() - end < 0 && failures.count() == 0) {
      unacknowledged.acquireUninterruptibly();
      unsettled.acquireUninterruptibly();
      String time = Instant.now().toString();
      long first = next.getAndAdd(GRAIN);
      for (long number = first; number < first + GRAIN; number++) {
        queue.publish(Event.of(number, time, payload));
      }
    }
  }

  /** For the only publisher. */
  private void takeRoom() {
    if (next.get() % GRAIN == 0) {
      unacknowledged.acquireUninterruptibly();
      unsettled.acquireUninterruptibly();
    }
  }

  private void publishNext() {
    queue.publish(Event.of(next.getAndIncrement(), Instant.now().toString(), payload));
  }

  /** Publishes what is missing to a whole grain. */
  private void fillGrain() {
    while (next.get() % GRAIN != 0) {
      publishNext();
    }
  }

  private void awaitAll() throws InterruptedException {
    for (Semaphore open : List.of(unacknowledged, unsettled)) {
      if (open.tryAcquire(room, 30, TimeUnit.SECONDS)) {
        open.release(room);
      } else {
        failed(new IllegalStateException("messages were not acknowledged and settled"));
      }
    }
  }

  private LatencyResult result(Samples samples) {
    LatencyResult result = samples.result();
    return new LatencyResult(
        result.done(), failures.count(), result.p50(), result.p99(), failures.first());
  }
}
