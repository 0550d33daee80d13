package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Waiting;
import io.anywire.broker.Waiting.Place;
import io.anywire.broker.embedded.journal.Append;
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
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
 *   <li>A taker who found nothing is one of the {@code idle}, and one who had no room is one of the
 *       {@code roomless}, until he is woken; then he looks again. While something is ready, nobody
 *       is idle, or somebody was woken who has not looked yet.
 *   <li>While something rests and somebody is idle, an alarm is wanted for when the first is due or
 *       before, or somebody was woken who has not looked yet.
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
  private final ReadyQueue ready = new ReadyQueue();
  private final Queue<Resting> resting = new PriorityQueue<>(FIRST_DUE);
  private final Map<String, Queue<Entry>> setAside = new HashMap<>();
  private final AtomicInteger consumers = new AtomicInteger();
  private final LongAdder inFlight = new LongAdder();
  private final Takers idle = new Takers();
  private final Takers roomless = new Takers();

  /** Whether anybody is roomless, for those who make room and have no lock. */
  private volatile boolean wantsRoom;

  private long nextSequence;
  private int aside;

  /** Made for the first that rests while somebody is idle. */
  private @Nullable Alarm alarm;

  /** Who takes messages. Called under the backlog's lock. */
  interface Taker {
    /** Whether he takes any at all. */
    boolean wants();

    /** How many he can take now; grows by itself, of which {@link #roomMade} tells. */
    int room();

    /** Lets him look, in another thread, whether there is something for him. */
    void wake();
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

  /** That taker has stopped. */
  void detach(Taker taker) {
    consumers.decrementAndGet();
    locked(() -> {
      idle.remove(taker);
      roomless.remove(taker);
      if (idle.isEmpty() && alarm != null) {
        alarm.want(Alarm.NEVER); // Set for long, it would keep all of this in memory.
      }
    });
  }

  /** Takes a message in, behind those before it. */
  void add(Message message) {
    add(message, Duration.ZERO);
  }

  /** The same for one that rests first. */
  void add(Message message, Duration delay) {
    synchronized (this) {
      enter(new Entry(nextSequence++, message), delay);
    }
    setAlarm();
  }

  /** Takes a message in whose place in the order is known; not to be mixed with the others. */
  void add(Entry entry, Duration delay) {
    synchronized (this) {
      enter(entry, delay);
    }
    setAlarm();
  }

  /**
   * Reads what taking in and settling need, as {@link Append#lookAhead}: without a lock, since it
   * means nothing.
   */
  long lookAhead() {
    return ready.lookAhead() + inFlight.sum() + (idle.isEmpty() ? 0 : 1);
  }

  /** Takes in several in a row that are to be delivered at once. */
  synchronized void addAll(List<Entry> entries) {
    entries.forEach(this::admit);
    wakeOne();
  }

  private void enter(Entry entry, Duration delay) {
    if (delay.isZero()) {
      admit(entry);
    } else {
      rest(entry, delay, false);
    }
    wakeOne();
  }

  private void rest(Entry entry, Duration delay, boolean holdsKey) {
    long nanos = delay.toNanos();
    resting.add(new Resting(System.nanoTime() + nanos, entry, holdsKey));
    watch(nanos);
  }

  /**
   * Takes a message in that was tried elsewhere; while it rests it holds its key, if nobody else
   * does.
   */
  void addTried(Entry entry, Duration delay) {
    String key = entry.key();
    boolean holds = !delay.isZero() && key != null && locking(() -> !setAside.containsKey(key));
    if (holds) {
      addHolding(entry, delay);
    } else {
      add(entry, delay);
    }
  }

  /** The same for one whose place in the order is the last. */
  void addTried(Message message, int attempts, Duration delay) {
    long sequence = locking(() -> nextSequence++);
    addTried(new Entry(sequence, message, attempts, 0), delay);
  }

  /** Takes a message in that was delivered before, and holds its key, which nobody else may yet. */
  void addHolding(Entry entry, Duration delay) {
    locked(() -> {
      holdKey(entry);
      if (delay.isZero()) {
        ready.add(entry);
      } else {
        rest(entry, delay, true);
      }
    });
  }

  /** Lets a message that is not here hold its key. */
  void hold(Entry entry) {
    locked(() -> holdKey(entry));
  }

  private void holdKey(Entry entry) {
    if (entry.key() != null) {
      setAside.putIfAbsent(entry.key(), new ArrayDeque<>(1));
    }
  }

  /**
   * Takes what is there and {@code taker} has room for: all of it, or his share where there are
   * others.
   *
   * @return none when he does not want any more, or will be woken
   */
  List<Entry> poll(Taker taker) {
    List<Entry> taken = polled(taker);
    setAlarm();
    return taken;
  }

  private synchronized List<Entry> polled(Taker taker) {
    try {
      int most = taker.wants() ? room(taker) : 0;
      long untilDue = wakeResting();
      List<Entry> taken = take(most);
      if (most > 0 && taken.isEmpty()) {
        idle.add(taker);
      }
      watch(untilDue);
      return taken;
    } finally {
      wakeOne();
    }
  }

  /** How much room he has; if none, he is woken when he has. */
  private int room(Taker taker) {
    int most = taker.room();
    if (most > 0) {
      return most;
    }
    roomless.add(taker);
    wantsRoom = true;
    int now = taker.room(); // Making room takes no lock.
    if (now > 0) {
      roomless.remove(taker);
    }
    return now;
  }

  /** A taker has room again. */
  void roomMade() {
    if (wantsRoom) {
      wakeRoomless();
    }
  }

  private synchronized void wakeRoomless() {
    wantsRoom = false;
    while (roomless.wakeOne()) {}
  }

  private List<Entry> take(int most) {
    if (most <= 0 || ready.isEmpty()) {
      return List.of();
    }
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

  /** Wants an alarm for what is due so soon, if anybody is idle until then. */
  private void watch(long nanos) {
    if (idle.isEmpty() || nanos == FOREVER) {
      return;
    }
    if (alarm == null) {
      alarm = new Alarm(this::expired);
    }
    long due = System.nanoTime() + nanos;
    if (alarm.due() == Alarm.NEVER || due - alarm.due() < 0) {
      alarm.want(due);
    }
  }

  /**
   * Without the lock, under which more may be wanted meanwhile: whoever wants it comes here too.
   */
  private void setAlarm() {
    Alarm made = alarm;
    if (made != null) {
      made.set();
    }
  }

  private void expired() {
    locked(() -> {
      if (alarm != null && alarm.due() != Alarm.NEVER && alarm.due() - System.nanoTime() <= 0) {
        alarm.want(Alarm.NEVER);
        boolean unused = idle.wakeOne();
      }
    });
  }

  private void wakeOne() {
    if (!ready.isEmpty()) {
      boolean unused = idle.wakeOne();
    }
  }

  /** A message in flight was handled. */
  void done(Entry entry) {
    if (entry.key() != null) {
      locked(() -> releaseKey(entry));
    }
    inFlight.decrement();
  }

  /** Messages in flight were handled. */
  void done(List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.key() != null) {
        locked(() -> entries.forEach(this::releaseKey));
        break;
      }
    }
    inFlight.add(-entries.size());
  }

  /** A message in flight is to be delivered again; meanwhile it holds its key. */
  void retry(Entry entry, Duration delay) {
    landed(() -> rest(entry, delay, true));
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

  /** Whether something is ready, for whoever takes it next. */
  synchronized boolean hasReady() {
    return !ready.isEmpty();
  }

  /** How many messages are in flight. */
  long inFlight() {
    return inFlight.sum();
  }

  /** How many messages wait for their key or until they are due. */
  synchronized int parked() {
    return aside + resting.size();
  }

  /**
   * How much of it is where.
   *
   * @param more how many messages are ready besides, elsewhere
   * @param dead how many dead letters there are
   */
  synchronized SubscriptionState state(long more, long dead) {
    return new SubscriptionState(
        OptionalLong.of(ready.size() + more),
        OptionalLong.of(aside),
        OptionalLong.of(resting.size()),
        OptionalLong.of(inFlight.sum()),
        OptionalLong.of(dead),
        OptionalLong.of(consumers.get()));
  }

  /** The first of what waits, in order of publication. */
  synchronized List<Waiting> peek(int max) {
    Stream<Peeked> all =
        Stream.of(
                ready.all().stream().map(e -> new Peeked(e, Place.READY, Optional.empty())),
                setAside.values().stream()
                    .flatMap(Queue::stream)
                    .map(e -> new Peeked(e, Place.SET_ASIDE, Optional.empty())),
                resting.stream().map(Backlog::peeked))
            .flatMap(s -> s);
    return all.sorted(Comparator.comparingLong(p -> p.entry().sequence()))
        .limit(max)
        .map(p -> new Waiting(p.entry().message(), p.place(), p.entry().attempts(), p.due()))
        .toList();
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
      for (Entry entry : ready.all()) {
        letGo(entry.key());
        gone.add(entry);
      }
      ready.clear();
      for (Resting one : resting) {
        if (one.holdsKey()) {
          letGo(one.entry().key());
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
      List<Entry> all = ready.all();
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

  /** Nobody holds that key any more, if it is one, and nobody waits for it. */
  private void letGo(@Nullable String key) {
    if (key != null) {
      setAside.remove(key);
    }
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
    long now = resting.isEmpty() ? 0 : System.nanoTime();
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
    String key = entry.key();
    if (key != null) {
      Queue<Entry> behind = setAside.get(key);
      if (behind != null) {
        behind.add(entry);
        aside++;
        return;
      }
      setAside.put(key, new ArrayDeque<>(1));
    }
    ready.add(entry);
  }

  private void releaseKey(Entry entry) {
    String key = entry.key();
    if (key == null) {
      return;
    }
    Queue<Entry> behind = setAside.get(key);
    Entry next = behind == null ? null : behind.poll();
    if (next == null) {
      setAside.remove(key);
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

  private synchronized <T> T locking(Supplier<T> question) {
    return question.get();
  }

  private void locked(Runnable change) {
    synchronized (this) {
      change.run();
      wakeOne();
    }
    setAlarm();
  }
}
