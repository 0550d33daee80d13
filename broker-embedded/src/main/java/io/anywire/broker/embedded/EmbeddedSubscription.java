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

/** One process' share of a backlog: delivers, when it has its turn, while there is room. */
final class EmbeddedSubscription implements Subscription, Backlog.Taker, Deliverers.Turn {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedSubscription.class);

  private static final CompletionStage<Void> SETTLED = CompletableFuture.completedStage(null);

  /** How many batches are delivered in a turn. */
  private static final int BATCHES = 4;

  private final Deliverers deliverers;
  private final Feed feed;
  private final Backlog backlog;
  private final int maxInFlight;
  private final Consumer<Delivery> receiver;
  private final Consumer<EmbeddedSubscription> closed;
  private final Set<Lease> leases = ConcurrentHashMap.newKeySet();
  private final AtomicInteger held = new AtomicInteger();

  /** Held while a message is handed over, so that nothing is after {@link #stop}. */
  private final ReentrantLock gate = new ReentrantLock();

  private volatile boolean stopped;
  private final AtomicBoolean gone = new AtomicBoolean();

  EmbeddedSubscription(
      Deliverers deliverers,
      Feed feed,
      int maxInFlight,
      Consumer<Delivery> receiver,
      Consumer<EmbeddedSubscription> closed) {
    this.deliverers = deliverers;
    this.feed = feed;
    this.backlog = feed.backlog();
    this.maxInFlight = maxInFlight;
    this.receiver = receiver;
    this.closed = closed;
  }

  void start() {
    backlog.attach();
    wake();
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
    backlog.detach(this);
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
    return !stopped;
  }

  @Override
  public int room() {
    return maxInFlight - held.get();
  }

  @Override
  public void wake() {
    deliverers.add(this);
  }

  @Override
  public boolean take() {
    for (int i = 0; i < BATCHES; i++) {
      List<Entry> batch = backlog.poll(this);
      if (batch.isEmpty()) {
        if (room() > 0) {
          feed.drained();
        }
        return false;
      }
      held.addAndGet(batch.size());
      batch.forEach(entry -> deliver(new Lease(entry)));
    }
    return true;
  }

  private void deliver(Lease lease) {
    leases.add(lease);
    gate.lock();
    try {
      if (stopped) {
        lease.giveBack(feed::giveBack);
      } else {
        receiver.accept(lease);
      }
    } catch (RuntimeException | Error e) { // Those behind it are delivered all the same.
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
