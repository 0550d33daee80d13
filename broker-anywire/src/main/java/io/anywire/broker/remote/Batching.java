package io.anywire.broker.remote;

import io.anywire.call.Threads;
import io.grpc.stub.CallStreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what waits for a stream, all of it in one message; nothing waits for company. Whoever comes
 * while nobody sends does it himself, if the stream has been quiet; else a thread of its own does,
 * and takes along what comes until it runs. What the other side does not take stays here unencoded;
 * how much that may be is the caller's to bound. Thread-safe.
 *
 * @param <B> the builder of a message, to which each item adds itself
 */
final class Batching<B> {
  private static final Logger log = LoggerFactory.getLogger(Batching.class);

  /** How much a message carries at most, unless a single item is larger. */
  private static final int MAX_BYTES = 128 << 10;

  private static final int MAX_ITEMS = 1024;
  private static final long QUIET_NANOS = 100_000;

  /** What makes messages of items, and sends them. For one thread at a time. */
  private record Sender<B, T>(CallStreamObserver<T> out, Supplier<B> begin, Function<B, T> build) {
    void send(Consumer<B> items) {
      B message = begin.get();
      items.accept(message);
      out.onNext(build.apply(message));
    }
  }

  private record Item<B>(Consumer<B> part, int bytes) {}

  private final Sender<B, ?> sender;
  private final Queue<Item<B>> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();

  /** How much has happened since the one who sends has begun; 0 while nobody sends. */
  private final AtomicInteger news = new AtomicInteger();

  /** How many answers are still to be added. */
  private final AtomicInteger owed = new AtomicInteger();

  private volatile @Nullable Runnable end;
  private volatile boolean atOnce;
  private volatile long lastSent = System.nanoTime() - QUIET_NANOS;
  private boolean over;

  <T> Batching(CallStreamObserver<T> out, Supplier<B> begin, Function<B, T> build) {
    this.sender = new Sender<>(out, begin, build);
  }

  /** Sends an item, as soon as the other side takes it. */
  void add(int bytes, Consumer<B> part) {
    waitingBytes.addAndGet(bytes);
    waiting.add(new Item<>(part, bytes));
    if (news.getAndIncrement() == 0) {
      if (System.nanoTime() - lastSent > QUIET_NANOS) {
        send();
      } else {
        Threads.VIRTUAL.execute(this::send);
      }
    }
  }

  /** Runs {@code adding}, and sends what it adds together. */
  void together(Runnable adding) {
    boolean mine = news.getAndIncrement() == 0;
    try {
      adding.run();
    } finally {
      if (mine) {
        send();
      }
    }
  }

  /** The other side takes more. */
  void ready() {
    if (news.getAndIncrement() == 0) {
      send();
    }
  }

  /** An answer will be added: {@link #endAfterAll} waits until {@link #paid}. */
  void owe() {
    owed.incrementAndGet();
  }

  /** It has been, or will never be. */
  void paid() {
    if (owed.decrementAndGet() == 0 && end != null) {
      ready();
    }
  }

  /** Ends the stream when all that waits or is owed is sent, and drops what is added after that. */
  void endAfterAll(Runnable ending) {
    end = ending;
    ready();
  }

  /** Ends the stream, and drops what waits. */
  void endNow(Runnable ending) {
    atOnce = true;
    end = ending;
    ready();
  }

  /** What waits, in bytes, roughly. */
  long waitingBytes() {
    return waitingBytes.get();
  }

  private void send() {
    int seen = 1;
    do {
      sendWaiting();
      seen = news.addAndGet(-seen);
    } while (seen != 0);
  }

  private void sendWaiting() {
    while (!over && !atOnce && !waiting.isEmpty() && sender.out().isReady()) {
      try {
        sender.send(this::fill);
      } catch (RuntimeException e) {
        over = true; // The call is over, as its listener hears.
        log.atDebug().setCause(e).log("A stream ended while something was sent");
      }
      lastSent = System.nanoTime();
    }
    Runnable ending = end;
    if (ending != null && !over && (atOnce || (owed.get() == 0 && waiting.isEmpty()))) {
      over = true;
      ending.run();
    }
    if (over) {
      waiting.clear();
      waitingBytes.set(0);
    }
  }

  private void fill(B message) {
    int bytes = 0;
    for (int items = 0; items < MAX_ITEMS; items++) {
      Item<B> next = waiting.peek();
      if (next == null || (items > 0 && bytes + next.bytes() > MAX_BYTES)) {
        break;
      }
      waiting.remove();
      bytes += next.bytes();
      next.part().accept(message);
    }
    waitingBytes.addAndGet(-bytes);
  }
}
