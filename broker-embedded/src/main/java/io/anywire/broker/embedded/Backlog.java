package io.anywire.broker.embedded;

import io.anywire.broker.Message;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The messages of one subscription.
 *
 * <p>Invariants, under the lock:
 *
 * <ul>
 *   <li>A message is in exactly one place: ready, set aside behind its key, resting until it is
 *       due, or in flight; or it has been given up, and is not here any more.
 *   <li>Of the messages with one ordering key at most one holds it: the one that is ready, rests
 *       before a retry, is in flight, or is a dead letter that holds its key. Those behind it are
 *       set aside, in order; {@code setAside} has an entry for exactly the keys that are held. What
 *       rests before its first delivery has not asked for its key yet.
 *   <li>Ready messages leave by priority, then in order of publication, so one that was given back
 *       goes first.
 *   <li>A taker sleeps for want of room, and is then counted in {@code roomless}; or, having room,
 *       for want of messages until the next is due, and is then counted in {@code idle}. What comes
 *       wakes one of the idle. Who was idle and takes something, stops, or finds no room wakes
 *       another, so that one of the idle, if there are any, has looked since the last change.
 * </ul>
 *
 * <p>Settling a message without a key changes none of this, so it takes no lock.
 */
final class Backlog {
  /** {@code due} as {@link System#nanoTime} tells. */
  private record Resting(long due, Entry entry, boolean holdsKey) {}

  /** How many messages a taker gets at a time, if he has room. */
  private static final int BATCH = 128;

  private static final long FOREVER = Long.MAX_VALUE;

  private static final Comparator<Resting> FIRST_DUE = (a, b) -> Long.signum(a.due() - b.due());

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition messages = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ReadyQueue ready = new ReadyQueue();
  private final Queue<Resting> resting = new PriorityQueue<>(FIRST_DUE);
  private final Map<String, Queue<Entry>> setAside = new HashMap<>();
  private final AtomicInteger consumers = new AtomicInteger();
  private final AtomicInteger roomless = new AtomicInteger();
  private final LongAdder inFlight = new LongAdder();
  private long nextSequence;
  private int aside;
  private int idle;

  /** Who takes messages. Asked under the backlog's lock. */
  interface Taker {
    /** Whether he takes any at all. */
    boolean wants();

    /** How many he can take now; grows by itself, of which {@link #roomMade} tells. */
    int room();
  }

  Backlog(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  boolean hasConsumers() {
    return consumers.get() > 0;
  }

  void attach() {
    consumers.incrementAndGet();
  }

  void detach() {
    consumers.decrementAndGet();
    lock.lock();
    try {
      messages.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a message in, behind those before it. */
  void add(Message message) {
    add(message, Duration.ZERO);
  }

  /** The same for one that rests first. */
  void add(Message message, Duration delay) {
    lock.lock();
    try {
      enter(new Entry(nextSequence++, message), delay);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a message in whose place in the order is known; not to be mixed with the others. */
  void add(Entry entry, Duration delay) {
    lock.lock();
    try {
      enter(entry, delay);
    } finally {
      lock.unlock();
    }
  }

  /** Takes in several in a row that are to be delivered at once. */
  void addAll(List<Entry> entries) {
    lock.lock();
    try {
      entries.forEach(this::admit);
      wakeOne();
    } finally {
      lock.unlock();
    }
  }

  private void enter(Entry entry, Duration delay) {
    if (delay.isZero()) {
      admit(entry);
    } else {
      resting.add(new Resting(System.nanoTime() + delay.toNanos(), entry, false));
    }
    wakeOne();
  }

  /**
   * Takes a message in that was tried elsewhere; while it rests it holds its key, if nobody else
   * does.
   */
  void addTried(Entry entry, Duration delay) {
    boolean holds =
        !delay.isZero()
            && locking(
                () -> entry.message().key().map(key -> !setAside.containsKey(key)).orElse(false));
    if (holds) {
      addHolding(entry, delay);
    } else {
      add(entry, delay);
    }
  }

  /** The same for one whose place in the order is the last. */
  void addTried(Message message, int attempts, Duration delay) {
    long sequence = locking(() -> nextSequence++);
    addTried(new Entry(sequence, message, message.priority(), attempts, 0), delay);
  }

  /** Takes a message in that was delivered before, and holds its key, which nobody else may yet. */
  void addHolding(Entry entry, Duration delay) {
    locked(() -> {
      hold(entry);
      if (delay.isZero()) {
        ready.add(entry);
      } else {
        resting.add(new Resting(System.nanoTime() + delay.toNanos(), entry, true));
      }
    });
  }

  /** Lets a message that is not here hold its key. */
  void hold(Entry entry) {
    locked(() ->
        entry.message().key().ifPresent(key -> setAside.putIfAbsent(key, new ArrayDeque<>(1))));
  }

  /**
   * Waits for messages, and takes what is there and {@code taker} has room for: all of it, or his
   * share where there are others.
   *
   * @return none when he does not want any more
   */
  List<Entry> next(Taker taker) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (taker.wants()) {
        int most = taker.room();
        if (most <= 0) {
          awaitRoom(taker);
          continue;
        }
        long untilDue = wakeResting();
        if (!ready.isEmpty()) {
          return take(most);
        }
        awaitMessages(untilDue);
      }
      return List.of();
    } finally {
      wakeOne();
      lock.unlock();
    }
  }

  /** A taker has room again. */
  void roomMade() {
    if (roomless.get() > 0) {
      lock.lock();
      try {
        room.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private List<Entry> take(int most) {
    int others = Math.max(1, consumers.get());
    int share = Math.min(Math.min(most, BATCH), (ready.size() + others - 1) / others);
    List<Entry> taken = new ArrayList<>(share);
    for (Entry next = ready.poll(); next != null; next = ready.poll()) {
      taken.add(next);
      if (taken.size() == share) {
        break;
      }
    }
    inFlight.add(taken.size());
    return taken;
  }

  /** A timer is set only where it may be needed, since many wait and few have something to rest. */
  @SuppressWarnings("WaitNotInLoop") // The loop is in next.
  private void awaitMessages(long nanos) throws InterruptedException {
    idle++;
    try {
      if (nanos == FOREVER) {
        messages.await();
      } else {
        long unused = messages.awaitNanos(nanos);
      }
    } finally {
      idle--;
    }
  }

  /** Looks again once it is counted, since making room takes no lock. */
  @SuppressWarnings("WaitNotInLoop") // The loop is in next.
  private void awaitRoom(Taker taker) throws InterruptedException {
    wakeOne(); // He may have been woken for what another can take, or have watched for what is due.
    roomless.incrementAndGet();
    try {
      if (taker.room() <= 0) {
        room.await();
      }
    } finally {
      roomless.decrementAndGet();
    }
  }

  private void wakeOne() {
    if (idle > 0) {
      messages.signal();
    }
  }

  /** A message in flight was handled. */
  void done(Entry entry) {
    if (entry.message().key().isPresent()) {
      locked(() -> releaseKey(entry));
    }
    inFlight.decrement();
  }

  /** Messages in flight were handled. */
  void done(List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.message().key().isPresent()) {
        locked(() -> entries.forEach(this::releaseKey));
        break;
      }
    }
    inFlight.add(-entries.size());
  }

  /** A message in flight is to be delivered again; meanwhile it holds its key. */
  void retry(Entry entry, Duration delay) {
    long due = System.nanoTime() + delay.toNanos();
    landed(() -> resting.add(new Resting(due, entry, true)));
  }

  /** A message in flight was given up. */
  void rejected(Entry entry, boolean holdsKey) {
    landed(() -> {
      if (!holdsKey) {
        releaseKey(entry);
      }
    });
  }

  /** Puts an entry back to where it was in the order; it still holds its key. */
  void giveBack(Entry entry) {
    landed(() -> ready.add(entry));
  }

  /** How many messages wait for their key or until they are due. */
  int parked() {
    lock.lock();
    try {
      return aside + resting.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * How much of it is where.
   *
   * @param more how many messages are ready besides, elsewhere
   * @param dead how many dead letters there are
   */
  SubscriptionState state(long more, long dead) {
    lock.lock();
    try {
      return new SubscriptionState(
          OptionalLong.of(ready.size() + more),
          OptionalLong.of(aside),
          OptionalLong.of(resting.size()),
          OptionalLong.of(inFlight.sum()),
          OptionalLong.of(dead),
          OptionalLong.of(consumers.get()));
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

  /** Lets go of everything that waits, and returns it. */
  List<Entry> purge() {
    List<Entry> gone = new ArrayList<>();
    locked(() -> {
      setAside
          .values()
          .forEach(behind -> {
            gone.addAll(behind);
            behind.clear();
          });
      aside = 0;
      ready.stream().forEach(entry -> entry.message().key().ifPresent(setAside::remove));
      ready.stream().forEach(gone::add);
      ready.clear();
      for (Resting one : resting) {
        if (one.holdsKey()) {
          one.entry().message().key().ifPresent(setAside::remove);
        }
        gone.add(one.entry());
      }
      resting.clear();
    });
    return gone;
  }

  /** Lets go of those that wait and that {@code which} accepts, and returns them. */
  List<Entry> remove(Predicate<Entry> which) {
    List<Entry> gone = new ArrayList<>();
    List<Entry> freed = new ArrayList<>();
    locked(() -> {
      for (Queue<Entry> behind : setAside.values()) {
        behind.removeIf(entry -> which.test(entry) && gone.add(entry));
      }
      aside -= gone.size();
      resting.removeIf(one -> {
        boolean goes = which.test(one.entry()) && gone.add(one.entry());
        return goes && (!one.holdsKey() || freed.add(one.entry()));
      });
      List<Entry> all = ready.stream().toList();
      ready.clear();
      for (Entry entry : all) {
        if (which.test(entry)) {
          gone.add(entry);
          freed.add(entry);
        } else {
          ready.add(entry);
        }
      }
      freed.forEach(this::releaseKey);
    });
    return gone;
  }

  private record Peeked(Entry entry, Place place, Optional<Instant> due) {}

  private static Peeked peeked(Resting resting) {
    Instant due = Instant.now().plusNanos(resting.due() - System.nanoTime());
    return new Peeked(resting.entry(), Place.RESTING, Optional.of(due));
  }

  /** A message that was given up, and holds its key, is delivered again. */
  void revive(Entry entry) {
    locked(() -> ready.add(entry));
  }

  /** A message that was given up lets go of its key. */
  void release(Entry entry) {
    locked(() -> releaseKey(entry));
  }

  /** Moves on what is due; returns the nanoseconds until the next is, or {@link #FOREVER}. */
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
    }
    return FOREVER;
  }

  private void admit(Entry entry) {
    Optional<String> key = entry.message().key();
    if (key.isPresent()) {
      Queue<Entry> behind = setAside.get(key.get());
      if (behind != null) {
        behind.add(entry);
        aside++;
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
      aside--;
      ready.add(next);
    }
  }

  /** The same for one that is no longer in flight. */
  private void landed(Runnable change) {
    locked(() -> {
      inFlight.decrement();
      change.run();
    });
  }

  private <T> T locking(Supplier<T> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      wakeOne();
    } finally {
      lock.unlock();
    }
  }
}
