package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Waiting;
import io.anywire.broker.Waiting.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The messages of one subscription.
 *
 * <p>Invariants, under the lock:
 *
 * <ul>
 *   <li>A message is in exactly one place: ready, set aside behind its key, resting until it is
 *       due, in flight, or dead.
 *   <li>Of the messages with one ordering key at most one holds it: the one that is ready, rests
 *       before a retry, is in flight, or is a dead letter that holds its key. Those behind it are
 *       set aside, in order; {@code setAside} has an entry for exactly the keys that are held. What
 *       rests before its first delivery has not asked for its key yet.
 *   <li>Ready messages leave by priority, then in order of publication, so one that was given back
 *       goes first.
 * </ul>
 */
final class Backlog {
  /** {@code due} as {@link System#nanoTime} tells. */
  private record Resting(long due, Entry entry, boolean holdsKey) {}

  private static final Comparator<Entry> FIRST_READY =
      Comparator.comparingInt((Entry e) -> -e.message().priority())
          .thenComparingLong(Entry::sequence);
  private static final Comparator<Resting> FIRST_DUE = (a, b) -> Long.signum(a.due() - b.due());

  private final MemoryStore store;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Entry> ready = new PriorityQueue<>(FIRST_READY);
  private final Queue<Resting> resting = new PriorityQueue<>(FIRST_DUE);
  private final Map<String, Queue<Entry>> setAside = new HashMap<>();
  private final MemoryDeadLetters dead = new MemoryDeadLetters(this);
  private long nextSequence;
  private int consumers;
  private int inFlight;

  Backlog(MemoryStore store, String name) {
    this.store = store;
    this.name = name;
  }

  String name() {
    return name;
  }

  MemoryDeadLetters deadLetters() {
    return dead;
  }

  boolean hasConsumers() {
    lock.lock();
    try {
      return consumers > 0;
    } finally {
      lock.unlock();
    }
  }

  void attach() {
    locked(() -> consumers++);
  }

  void detach() {
    locked(() -> consumers--);
  }

  /** Wakes whoever waits in {@link #next}, to look at its condition again. */
  void wake() {
    locked(() -> {});
  }

  /** Takes a message in, whose room is taken already. */
  void add(Message message, Duration delay) {
    locked(() -> {
      Entry entry = new Entry(nextSequence++, message, 0, 0);
      if (delay.isZero()) {
        admit(entry);
      } else {
        resting.add(new Resting(System.nanoTime() + delay.toNanos(), entry, false));
      }
    });
  }

  /**
   * Waits for a message.
   *
   * @return empty when {@code wanted} has become false
   */
  Optional<Entry> next(BooleanSupplier wanted, BooleanSupplier room) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (wanted.getAsBoolean()) {
        long untilDue = wakeResting();
        if (room.getAsBoolean() && !ready.isEmpty()) {
          inFlight++;
          return Optional.of(ready.remove());
        }
        long unused = changed.awaitNanos(untilDue);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  void settle(Entry entry, Outcome outcome) {
    switch (outcome) {
      case Outcome.Done done -> {
        store.give(entry.message());
        landed(() -> releaseKey(entry));
      }
      case Outcome.RetryAfter retry -> {
        Entry again = retry.counts() ? entry.retried() : entry;
        long due = System.nanoTime() + retry.delay().toNanos();
        landed(() -> resting.add(new Resting(due, again, true)));
      }
      case Outcome.Reject reject -> {
        dead.add(entry, reject.status(), reject.holdsKey());
        landed(() -> {
          if (!reject.holdsKey()) {
            releaseKey(entry);
          }
        });
      }
    }
  }

  /** Puts an entry back to where it was in the order; it still holds its key. */
  void giveBack(Entry entry) {
    landed(() -> ready.add(entry));
  }

  /** How much of it is where. */
  SubscriptionState state() {
    lock.lock();
    try {
      return new SubscriptionState(
          OptionalLong.of(ready.size()),
          OptionalLong.of(setAside.values().stream().mapToLong(Queue::size).sum()),
          OptionalLong.of(resting.size()),
          OptionalLong.of(inFlight),
          OptionalLong.of(dead.size()),
          OptionalLong.of(consumers));
    } finally {
      lock.unlock();
    }
  }

  /** The first of what waits, in order of publication. */
  List<Waiting> peek(int max) {
    lock.lock();
    try {
      Stream<Peeked> all =
          Stream.of(
                  ready.stream().map(e -> new Peeked(e, Place.READY, Optional.empty())),
                  setAside.values().stream()
                      .flatMap(Queue::stream)
                      .map(e -> new Peeked(e, Place.SET_ASIDE, Optional.empty())),
                  resting.stream().map(Backlog::peeked))
              .flatMap(s -> s);
      return all.sorted(Comparator.comparingLong(p -> p.entry().sequence()))
          .limit(max)
          .map(p -> new Waiting(p.entry().message(), p.place(), p.entry().attempts(), p.due()))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of everything that waits; returns how much that was. */
  int purge() {
    List<Entry> gone = new ArrayList<>();
    locked(() -> {
      setAside
          .values()
          .forEach(behind -> {
            gone.addAll(behind);
            behind.clear();
          });
      ready.forEach(entry -> entry.message().key().ifPresent(setAside::remove));
      gone.addAll(ready);
      ready.clear();
      for (Resting one : resting) {
        if (one.holdsKey()) {
          one.entry().message().key().ifPresent(setAside::remove);
        }
        gone.add(one.entry());
      }
      resting.clear();
    });
    gone.forEach(entry -> store.give(entry.message()));
    return gone.size();
  }

  private record Peeked(Entry entry, Place place, Optional<Instant> due) {}

  private static Peeked peeked(Resting resting) {
    Instant due = Instant.now().plusNanos(resting.due() - System.nanoTime());
    return new Peeked(resting.entry(), Place.RESTING, Optional.of(due));
  }

  /**
   * A dead letter that lives again: where it was if its key waits for it, else as if published now.
   */
  void replayed(MemoryDeadLetters.Dead letter) {
    Message message = letter.entry().message();
    locked(() -> {
      if (letter.holdsKey()) {
        ready.add(new Entry(letter.entry().sequence(), message, 0, 0));
      } else {
        admit(new Entry(nextSequence++, message, 0, 0));
      }
    });
  }

  /** A dead letter that is gone for good. */
  void purged(MemoryDeadLetters.Dead letter) {
    store.give(letter.entry().message());
    if (letter.holdsKey()) {
      locked(() -> releaseKey(letter.entry()));
    }
  }

  /** Moves on what is due; returns the nanoseconds until the next is. */
  private long wakeResting() {
    long now = System.nanoTime();
    for (Resting next = resting.peek(); next != null; next = resting.peek()) {
      if (next.due() - now > 0) {
        return next.due() - now;
      }
      resting.remove();
      if (next.holdsKey()) {
        ready.add(next.entry());
      } else {
        admit(next.entry());
      }
      changed.signalAll();
    }
    return TimeUnit.HOURS.toNanos(1);
  }

  private void admit(Entry entry) {
    Optional<String> key = entry.message().key();
    if (key.isPresent()) {
      Queue<Entry> behind = setAside.get(key.get());
      if (behind != null) {
        behind.add(entry);
        return;
      }
      setAside.put(key.get(), new ArrayDeque<>(1));
    }
    ready.add(entry);
  }

  private void releaseKey(Entry entry) {
    Optional<String> key = entry.message().key();
    if (key.isEmpty()) {
      return;
    }
    Queue<Entry> behind = setAside.get(key.get());
    Entry next = behind == null ? null : behind.poll();
    if (next == null) {
      setAside.remove(key.get());
    } else {
      ready.add(next);
    }
  }

  /** The same for one that is no longer in flight. */
  private void landed(Runnable change) {
    locked(() -> {
      inFlight--;
      change.run();
    });
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
