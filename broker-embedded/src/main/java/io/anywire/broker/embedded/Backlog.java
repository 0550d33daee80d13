package io.anywire.broker.embedded;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.call.Threads;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The messages of one subscription.
 *
 * <p>Invariants, under the lock:
 *
 * <ul>
 *   <li>A message is in exactly one place: ready, set aside behind its key, resting until a retry
 *       is due, in flight, or dead.
 *   <li>Of the messages with one ordering key at most one is ready, resting or in flight; the
 *       others are set aside, in order. {@code setAside} has an entry for exactly those keys.
 *   <li>Ready messages leave in order of publication, so one that was given back goes first.
 * </ul>
 */
final class Backlog {
  private final MemoryStore store;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Entry> ready = new PriorityQueue<>(Comparator.comparingLong(Entry::sequence));
  private final Map<String, Queue<Entry>> setAside = new HashMap<>();
  private final MemoryDeadLetters dead = new MemoryDeadLetters(this);
  private long nextSequence;
  private int consumers;

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
    lock.lock();
    try {
      consumers++;
    } finally {
      lock.unlock();
    }
  }

  void detach() {
    lock.lock();
    try {
      consumers--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes whoever waits in {@link #next}, to look at its condition again. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void add(Message message) {
    store.take(message);
    lock.lock();
    try {
      admit(new Entry(nextSequence++, message, 0, 0));
    } finally {
      lock.unlock();
    }
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
        if (room.getAsBoolean() && !ready.isEmpty()) {
          return Optional.of(ready.remove());
        }
        changed.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  void settle(Entry entry, Outcome outcome) {
    if (outcome instanceof Outcome.RetryAfter retry) {
      long delay = retry.delay().toNanos();
      Threads.timerThread().schedule(() -> giveBack(entry.retried()), delay, TimeUnit.NANOSECONDS);
      return;
    }
    if (outcome instanceof Outcome.Reject reject) {
      dead.add(
          new DeadLetter(entry.message(), reject.status(), entry.attempts() + 1, Instant.now()));
    } else {
      store.give(entry.message());
    }
    lock.lock();
    try {
      releaseKey(entry);
    } finally {
      lock.unlock();
    }
  }

  /** Puts an entry back to where it was in the order; it still holds its key. */
  void giveBack(Entry entry) {
    lock.lock();
    try {
      ready.add(entry);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A dead letter that lives again: as if published now. Its room is taken already. */
  void replayed(Message message) {
    lock.lock();
    try {
      admit(new Entry(nextSequence++, message, 0, 0));
    } finally {
      lock.unlock();
    }
  }

  void deleted(Message message) {
    store.give(message);
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
    changed.signalAll();
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
      changed.signalAll();
    }
  }
}
