package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import io.anywire.call.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The acknowledgements of a channel that has one consumer. One that comes alone is sent at once;
 * those that follow are sent together, a moment after the last: without a gap as one ({@code
 * multiple}), which is one entry of a quorum queue's log instead of many, and most of what an
 * acknowledgement costs the broker; the rest one by one, so that none waits for a message that is
 * still handled. Thread-safe.
 *
 * <p>Invariant of whoever sends: what has a tag up to {@code through} or in {@code apart} is
 * acknowledged, and nothing else is.
 */
final class Acknowledgements {
  /**
   * How long a queue may take to note what it was sent. A quorum queue puts off acknowledgements
   * that come faster than it replicates them, and forgets those when the channel closes.
   */
  private static final long NOTED_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** How long those wait that may. */
  static final Duration MOMENT = Duration.ofMillis(2);

  /**
   * @param sent told whether it could be sent
   */
  private record Waiting(long tag, Consumer<Boolean> sent) {}

  private final Channel channel;
  private final long momentNanos;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /** How many have come since the one who sends has begun; 0 while nobody sends. */
  private final AtomicInteger news = new AtomicInteger();

  private final Set<Long> apart = new HashSet<>();
  private long through;
  private volatile long lastSent = System.nanoTime() - NOTED_NANOS;

  /**
   * @param moment how long after the last the next are sent
   */
  Acknowledgements(Channel channel, Duration moment) {
    this.channel = channel;
    this.momentNanos = moment.toNanos();
  }

  Channel channel() {
    return channel;
  }

  /** Acknowledges the delivery with that tag. */
  void add(long tag, Consumer<Boolean> sent) {
    waiting.add(new Waiting(tag, sent));
    if (news.getAndIncrement() == 0) {
      Threads.VIRTUAL.execute(this::sendAll);
    }
  }

  private void sendAll() {
    int seen = news.get();
    while (seen != 0) {
      awaitMoment();
      List<Waiting> batch = takeWaiting();
      boolean success = send(batch);
      Threads.VIRTUAL.execute(() -> batch.forEach(one -> one.sent().accept(success)));
      seen = news.addAndGet(-seen);
    }
  }

  private void awaitMoment() {
    long left = lastSent + momentNanos - System.nanoTime();
    if (left > 0) {
      LockSupport.parkNanos(left);
    } else {
      // Handlers that are about to end do so first.
      Thread.yield();
    }
  }

  /** Waits until the queue has noted what was sent, as far as that can be told. */
  void awaitNoted() {
    try {
      TimeUnit.NANOSECONDS.sleep(lastSent + NOTED_NANOS - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Waiting> takeWaiting() {
    List<Waiting> batch = new ArrayList<>();
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      batch.add(next);
    }
    batch.sort(Comparator.comparingLong(Waiting::tag));
    return batch;
  }

  private boolean send(List<Waiting> sorted) {
    try {
      int together = withoutGap(sorted);
      if (together > 0) {
        channel.basicAck(sorted.get(together - 1).tag(), together > 1);
      }
      for (Waiting one : sorted.subList(together, sorted.size())) {
        channel.basicAck(one.tag(), false);
        apart.add(one.tag());
      }
      passApart();
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    } finally {
      lastSent = System.nanoTime();
    }
  }

  /** How many of them follow what is acknowledged already. */
  private int withoutGap(List<Waiting> sorted) {
    int count = 0;
    for (Waiting one : sorted) {
      passApart();
      if (one.tag() != through + 1) {
        break;
      }
      through++;
      count++;
    }
    return count;
  }

  private void passApart() {
    while (apart.remove(through + 1)) {
      through++;
    }
  }
}
