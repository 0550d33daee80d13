package io.anywire.broker.embedded;

import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.grpc.Status;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process' share of a backlog: a virtual thread that delivers while there is room. */
final class EmbeddedSubscription implements Subscription, Backlog.Taker {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedSubscription.class);

  private static final CompletionStage<Void> SETTLED = CompletableFuture.completedStage(null);

  private final Feed feed;
  private final Backlog backlog;
  private final int maxInFlight;
  private final Consumer<Delivery> receiver;
  private final Consumer<EmbeddedSubscription> closed;
  private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
  private final AtomicInteger held = new AtomicInteger();

  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicBoolean gone = new AtomicBoolean();

  /** Held while a message is handed over, so that nothing is after {@link #stop}. */
  private final ReentrantLock gate = new ReentrantLock();

  EmbeddedSubscription(
      Feed feed,
      int maxInFlight,
      Consumer<Delivery> receiver,
      Consumer<EmbeddedSubscription> closed) {
    this.feed = feed;
    this.backlog = feed.backlog();
    this.maxInFlight = maxInFlight;
    this.receiver = receiver;
    this.closed = closed;
  }

  void start() {
    backlog.attach();
    Thread.ofVirtual().name("anywire-embedded-" + backlog.name()).start(this::deliver);
  }

  @Override
  public void stop() {
    gate.lock();
    try {
      if (stopped.getAndSet(true)) {
        return;
      }
    } finally {
      gate.unlock();
    }
    backlog.detach();
  }

  @Override
  public void close() {
    end(feed::giveBack);
  }

  @Override
  public void abandon() {
    end(feed::crashed);
  }

  private void end(Consumer<Entry> back) {
    stop();
    if (gone.compareAndSet(false, true)) {
      leases.forEach(lease -> lease.giveBack(back));
      closed.accept(this);
    }
  }

  @Override
  public boolean wants() {
    return !stopped.get();
  }

  @Override
  public int room() {
    return maxInFlight - held.get();
  }

  private void deliver() {
    try {
      List<Entry> batch = backlog.next(this);
      while (!batch.isEmpty()) {
        held.addAndGet(batch.size());
        batch.forEach(entry -> deliver(new Lease(entry)));
        batch = backlog.next(this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void deliver(Lease lease) {
    leases.add(lease);
    gate.lock();
    try {
      if (stopped.get()) {
        lease.giveBack(feed::giveBack);
      } else {
        receiver.accept(lease);
      }
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("subscription", backlog.name())
          .setCause(e)
          .log("A receiver failed");
      lease.giveBack(feed::crashed);
    } finally {
      gate.unlock();
    }
  }

  private enum Fate {
    IN_FLIGHT,
    SETTLED,
    GIVEN_BACK
  }

  /** A message in flight; whoever moves it from there decides where it goes. */
  private final class Lease implements Delivery {
    private final Entry entry;
    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.IN_FLIGHT);

    Lease(Entry entry) {
      this.entry = entry;
    }

    @Override
    public Message message() {
      return entry.message();
    }

    @Override
    public int attempts() {
      return entry.attempts();
    }

    @Override
    public int crashes() {
      return entry.crashes();
    }

    @Override
    public CompletionStage<Void> settle(Outcome outcome) {
      if (fate.compareAndSet(Fate.IN_FLIGHT, Fate.SETTLED)) {
        CompletionStage<Void> settled = feed.settle(entry, outcome);
        forget();
        return settled;
      } else if (fate.get() == Fate.GIVEN_BACK) {
        return CompletableFuture.failedFuture(
            Status.UNAVAILABLE.withDescription("the lease was lost").asRuntimeException());
      }
      return SETTLED;
    }

    void giveBack(Consumer<Entry> back) {
      if (fate.compareAndSet(Fate.IN_FLIGHT, Fate.GIVEN_BACK)) {
        back.accept(entry);
        forget();
      }
    }

    /** Spread as well as any, and free. */
    @Override
    public int hashCode() {
      return Long.hashCode(entry.sequence());
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    private void forget() {
      leases.remove(this);
      held.decrementAndGet();
      backlog.roomMade();
    }
  }
}
