package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import io.anywire.call.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The acknowledgements of a channel that has one consumer. Nothing waits for company: whoever comes
 * while nobody sends sends himself, and takes along what comes meanwhile. What is acknowledged
 * without a gap goes as one ({@code multiple}), the rest one by one, so that no acknowledgement
 * waits for a message that is still handled. Thread-safe.
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

  /**
   * @param sent told whether it could be sent
   */
  private record Waiting(long tag, Consumer<Boolean> sent) {

    /** Apart from whoever sends: what is done then may wait for another acknowledgement. */
    void tell(boolean success) {
      Threads.VIRTUAL.execute(() -> sent.accept(success));
    }
  }

  private final Channel channel;
  private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();

  /** How many have come since the one who sends has begun; 0 while nobody sends. */
  private final AtomicInteger news = new AtomicInteger();

  private final Set<Long> apart = new HashSet<>();
  private long through;
  private volatile long lastSent = System.nanoTime() - NOTED_NANOS;

  Acknowledgements(Channel channel) {
    this.channel = channel;
  }

  Channel channel() {
    return channel;
  }

  /** Acknowledges the delivery with that tag. */
  void add(long tag, Consumer<Boolean> sent) {
    waiting.add(new Waiting(tag, sent));
    if (news.getAndIncrement() == 0) {
      int seen = 1;
      do {
        sendWaiting();
        seen = news.addAndGet(-seen);
      } while (seen != 0);
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

  private void sendWaiting() {
    List<Waiting> batch = new ArrayList<>();
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      batch.add(next);
    }
    if (batch.isEmpty()) {
      return;
    }
    batch.sort(Comparator.comparingLong(Waiting::tag));
    boolean sent = send(batch);
    lastSent = System.nanoTime();
    batch.forEach(one -> one.tell(sent));
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
