package io.anywire.bench.messaging;

import io.anywire.bench.client.CallResult;
import io.anywire.bench.client.LatencyResult;
import io.anywire.bench.client.Pace;
import io.anywire.bench.client.Runner;
import io.anywire.bench.client.Samples;
import io.anywire.bench.v1.Order;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Messages from their publishing to the end of their handler. A message is over when the broker has
 * confirmed it and the handler has ended; at most {@value #OUTSTANDING} are under way. How long one
 * took is from when it was to be published until the handler ended.
 */
final class RoundTrips implements Runner {
  private static final int OUTSTANDING = 512;
  private static final Order ORDER =
      Order.newBuilder()
          .setCustomer("Ada Lovelace")
          .setAddress("12 St James's Square, London")
          .addItems(Order.Item.newBuilder().setArticle("punched cards").setCount(40).setCents(99))
          .addItems(Order.Item.newBuilder().setArticle("ink").setCount(2).setCents(450))
          .addItems(Order.Item.newBuilder().setArticle("gear wheel").setCount(7).setCents(1299))
          .build();

  private final Map<Long, Trip> trips = new ConcurrentHashMap<>();
  private final Semaphore room = new Semaphore(OUTSTANDING);
  private @Nullable Way way;
  private long next;

  /** Publishes that way, whose handler calls {@link #handled}. */
  void over(Way given) {
    way = given;
  }

  /** A handler is about to end. One that is delivered again counts once. */
  void handled(Order order) {
    Trip trip = trips.remove(order.getNumber());
    if (trip != null) {
      trip.samples.add(trip.began);
      trip.half();
    }
  }

  @Override
  public CallResult run(Duration length) throws InterruptedException {
    var samples = new Samples(0);
    long start = System.nanoTime();
    long first = next;
    while (System.nanoTime() - start < length.toNanos()) {
      room.acquire();
      publish(System.nanoTime(), samples);
    }
    awaitAll(samples);
    LatencyResult ended = samples.result();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new CallResult(next - first, ended.failed(), seconds, ended.failure());
  }

  @Override
  public LatencyResult paced(Duration length, int perSecond) throws InterruptedException {
    var samples = new Samples((int) (length.toSeconds() + 1) * perSecond);
    Pace.keep(
        length,
        perSecond,
        due -> {
          room.acquireUninterruptibly();
          publish(due, samples);
        });
    awaitAll(samples);
    return samples.result();
  }

  @Override
  public LatencyResult alone(Duration length) throws InterruptedException {
    var samples = new Samples(10_000_000);
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() - end < 0) {
      room.acquire();
      publish(System.nanoTime(), samples);
      awaitAll(samples);
    }
    return samples.result();
  }

  private void publish(long began, Samples samples) {
    if (way == null) {
      throw new IllegalStateException("no way to publish");
    }
    Order order = ORDER.toBuilder().setNumber(next++).build();
    Trip trip = new Trip(began, samples);
    trips.put(order.getNumber(), trip);
    way.publish(order)
        .whenComplete((taken, failure) -> {
          if (failure != null) {
            samples.failed(failure);
          }
          trip.half();
        });
  }

  private void awaitAll(Samples samples) throws InterruptedException {
    if (room.tryAcquire(OUTSTANDING, 30, TimeUnit.SECONDS)) {
      room.release(OUTSTANDING);
    } else {
      samples.failed(new IllegalStateException(trips.size() + " messages were not handled"));
    }
  }

  /** One message under way. */
  private final class Trip {
    private final long began;
    private final Samples samples;
    private final AtomicInteger halves = new AtomicInteger(2);

    Trip(long began, Samples samples) {
      this.began = began;
      this.samples = samples;
    }

    void half() {
      if (halves.decrementAndGet() == 0) {
        room.release();
      }
    }
  }
}
