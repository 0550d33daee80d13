package io.anywire.broker.embedded;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Waiting;
import io.anywire.broker.embedded.journal.Append;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One subscription on disk: its {@link Ledger}, which is what the journal says, and its {@link
 * Backlog}, which hands out what is in memory of that.
 *
 * <p>A message is in memory when it is open in the ledger and has been loaded. While there is room
 * for it, one that is published stays there; else it is deferred, and so are all behind it until
 * they have been loaded again, in order. {@link #settle}, {@link #giveBack}, {@link #crashed},
 * {@link #drained} and those that return a stage are thread-safe; everything else is for the
 * writer's thread.
 */
final class DiskFeed implements Feed {
  /** How many bytes these may take. */
  private static final long MOST_BYTES = 32 << 20;

  /**
   * How many are loaded ahead of those who take them, half of them at a time: more are in no cache
   * any more by then, and whoever finds none asks.
   */
  private static final int AHEAD = 8_192;

  /** How far apart in the journal messages may be that are loaded together. */
  private static final long REACH = MOST_BYTES / 4;

  /** What a message takes besides its bytes, roughly. */
  private static final int OVERHEAD = 500;

  /** Null where the journal is only looked at: then nothing is loaded, delivered or settled. */
  private final @Nullable DiskStore store;

  private final int number;
  private final DiskTopic topic;
  private final String name;
  private final Ledger ledger;
  private final Backlog backlog;
  private final int window;

  /** Open, alive, and not in memory yet. */
  private final Deque<Ledger.Open> unloaded = new ArrayDeque<>();

  private boolean loading;

  /** Whether what waits next is damaged, so that nothing behind it is delivered. */
  private boolean unreadable;

  private boolean live;

  /** Whether there are messages on disk that would be loaded if they were asked for. */
  private volatile boolean hasMore;

  DiskFeed(@Nullable DiskStore store, int number, DiskTopic topic, String name, Needed needed) {
    this.store = store;
    this.number = number;
    this.topic = topic;
    this.name = name;
    this.window = store == null ? DiskSettings.WINDOW : store.settings().window();
    this.ledger = new Ledger(needed);
    this.backlog = new Backlog(topic.topic().name() + "/" + name);
  }

  DiskStore store() {
    return Objects.requireNonNull(store, "the journal is only looked at");
  }

  int number() {
    return number;
  }

  DiskTopic topic() {
    return topic;
  }

  String name() {
    return name;
  }

  Ledger ledger() {
    return ledger;
  }

  @Override
  public Backlog backlog() {
    return backlog;
  }

  @Override
  public CompletionStage<Void> settle(Entry entry, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> store().settlements().add(this, entry);
      case Outcome.RetryAfter retry ->
          retry(retry.counts() ? entry.retried() : entry, retry.delay());
      case Outcome.Reject reject -> reject(entry, reject);
    };
  }

  private CompletionStage<Void> retry(Entry entry, Duration delay) {
    long due = DiskStore.due(delay);
    byte[] record = Records.retry(number, entry.sequence(), entry.attempts(), entry.crashes(), due);
    return store()
        .change(
            record,
            position -> {
              ledger.retry(entry.sequence(), entry.attempts(), entry.crashes(), due);
              backlog.retry(entry, DiskStore.until(due));
              refill();
            });
  }

  private CompletionStage<Void> reject(Entry entry, Outcome.Reject reject) {
    byte[] record =
        Records.dead(
            number,
            entry.sequence(),
            entry.attempts() + 1,
            reject.holdsKey(),
            System.currentTimeMillis(),
            reject.status());
    return store()
        .takenInTime(
            record,
            position -> {
              ledger.die(entry.sequence(), reject.holdsKey(), position);
              backlog.rejected(entry, reject.holdsKey());
              refill();
            });
  }

  @Override
  public void giveBack(Entry entry) {
    backlog.giveBack(entry);
  }

  @Override
  public void crashed(Entry entry) {
    Entry again = entry.crashed();
    byte[] record = Records.retry(number, again.sequence(), again.attempts(), again.crashes(), 0);
    CompletionStage<Void> unused =
        store()
            .change(
                record,
                position -> ledger.retry(again.sequence(), again.attempts(), again.crashes(), 0));
    backlog.giveBack(again);
  }

  /** Reads what {@link #done} will need, as {@link Append#lookAhead}. */
  long lookAhead(Entry entry) {
    return ledger.lookAhead(entry.sequence()) + backlog.lookAhead();
  }

  /** Reads what {@link #published} will need, as {@link Append#lookAhead}. */
  long lookAhead() {
    return ledger.lookAhead();
  }

  /** Messages in flight were handled. */
  void done(List<Entry> entries) {
    for (Entry entry : entries) {
      ledger.settle(entry.sequence());
    }
    backlog.done(entries);
    refill();
  }

  /** A message was published. */
  void published(NewMessage published, long position) {
    if (published.isPlain() && isCrowded()) {
      ledger.defer(position);
      noteMore();
      return;
    }
    Ledger.Open added = ledger.add(position, published.due());
    if (published.message() != null) {
      Entry entry = published.entry(added.sequence);
      ledger.loaded(added, OVERHEAD + entry.size());
      arrived(entry, published.due());
    }
  }

  /** What is due by now may have to wait for its key behind what came before. */
  private void arrived(Entry entry, long due) {
    Duration rest = DiskStore.until(due);
    if (rest.isZero()) {
      store().arrivals().add(backlog, entry);
    } else {
      backlog.add(entry, rest);
    }
  }

  /** The backlog has what was published up to here; before it is looked at or changed otherwise. */
  private void takeInArrived() {
    if (live) {
      store().arrivals().takeInAll();
    }
  }

  /**
   * A message came that another broker had.
   *
   * @param message null while the journal is read again
   */
  void held(
      @Nullable Message message,
      long position,
      long due,
      int priority,
      int attempts,
      boolean isDead) {
    if (attempts == 0 && !isDead) {
      String key = message == null ? null : message.key().orElse(null);
      int size = message == null ? 0 : message.payload().size();
      published(new NewMessage(0, due, priority, size, message, key), position);
      return;
    }
    takeInArrived();
    Ledger.Open added = ledger.add(position, due);
    added.attempts = attempts;
    if (isDead) {
      ledger.die(added.sequence, false, position);
    } else if (message != null) {
      Entry entry = new Entry(added.sequence, message, attempts, 0);
      ledger.loaded(added, OVERHEAD + entry.size());
      backlog.addTried(entry, DiskStore.until(due));
    }
  }

  /**
   * Whether a message that comes now would have to wait behind others on disk, or leave no room.
   */
  private boolean isCrowded() {
    return loading || ledger.deferred() > 0 || outOfRoom(window);
  }

  /** Whether so many messages, or as many bytes, could be delivered or are. */
  private boolean outOfRoom(int most) {
    int alive = ledger.alive();
    long mostBytes = most * MOST_BYTES / window;
    if (alive < most && ledger.bytes() < mostBytes || !isFull(most, mostBytes)) {
      return false;
    }
    if (live && !backlog.hasReady()) {
      // Nobody takes anything, to settle it or to come again: what has arrived may be parked.
      takeInArrived();
      return isFull(most, mostBytes);
    }
    return true;
  }

  private boolean isFull(int most, long mostBytes) {
    int alive = ledger.alive();
    long deliverable = alive - (live ? backlog.parked() : 0);
    return deliverable >= most || ledger.bytes() / alive * deliverable >= mostBytes;
  }

  /** The journal has been read: what is open is loaded, and delivered from then on. */
  void start() {
    live = true;
    ledger.live();
    List<Ledger.Open> open = ledger.all();
    // Those that hold their keys go first; a dead letter does only where it was given up so.
    open.stream().filter(one -> one.dead == 0 ? one.again : one.holdsKey).forEach(unloaded::add);
    open.stream().filter(one -> !one.again && one.dead == 0).forEach(unloaded::add);
    load();
  }

  /** Begins with the past that a subscription or an operator asked for. */
  void begin(List<Long> earlier) {
    earlier.forEach(ledger::defer);
    refill();
  }

  private void noteMore() {
    boolean more = ledger.deferred() > 0;
    if (more != hasMore) {
      hasMore = more;
    }
  }

  @Override
  public void drained() {
    if (hasMore) {
      store().inWriter(this::refill);
    }
  }

  /** Loads more when there is room for another piece. */
  void refill() {
    noteMore();
    if (!live || loading || !hasMore || hasEnough() || outOfRoom(window - piece())) {
      return;
    }
    Ledger.Open first = ledger.advance();
    Ledger.Open next = first;
    while (next != null) {
      unloaded.add(next);
      boolean enough =
          unloaded.size() >= piece()
              || first == null
              || Math.abs(next.position - first.position) > REACH;
      next = enough ? null : ledger.advance();
    }
    load();
  }

  /** Whether those who take messages find enough of them. */
  private boolean hasEnough() {
    int enough = ahead() - piece();
    if (ready(0) <= enough || ready(backlog.parked()) <= enough) {
      return false;
    }
    if (!backlog.hasReady()) {
      // Nobody takes anything and asks again: what has arrived may be parked.
      takeInArrived();
      return ready(backlog.parked()) > enough;
    }
    return true;
  }

  /** How many are ready or about to be, if so many are parked. */
  private long ready(int parked) {
    return ledger.alive() - backlog.inFlight() - parked;
  }

  private int ahead() {
    return Math.min(window, AHEAD);
  }

  private int piece() {
    return Math.max(1, ahead() / 2);
  }

  private static boolean isAsRead(List<Ledger.Open> batch, List<Long> places) {
    return batch.stream().noneMatch(Ledger.Open::isGone)
        && batch.stream().map(one -> one.position).toList().equals(places);
  }

  private void load() {
    unloaded.removeIf(Ledger.Open::isGone);
    if (unloaded.isEmpty()) {
      loading = false;
      refill();
      return;
    }
    loading = true;
    List<Ledger.Open> batch = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    for (Ledger.Open one : unloaded) {
      batch.add(one);
      places.add(one.position);
      if (batch.size() >= piece() || Math.abs(one.position - batch.getFirst().position) > REACH) {
        break;
      }
    }
    store()
        .messages(places)
        .thenApply(messages -> entries(batch, messages))
        .whenComplete((entries, failure) ->
            store()
                .inWriter(() -> {
                  if (failure == null) {
                    for (int i = 0; i < batch.size(); i++) {
                      loaded(batch.get(i), entries.get(i));
                    }
                    load();
                  } else if (isAsRead(batch, places)) {
                    unreadable = true;
                  } else {
                    load(); // They were moved or let go meanwhile.
                  }
                }));
  }

  /** Made by who has read them, which spares the writer the work. */
  private static List<Entry> entries(List<Ledger.Open> batch, List<Message> messages) {
    List<Entry> entries = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      Ledger.Open one = batch.get(i);
      Message message = messages.get(i);
      entries.add(new Entry(one.sequence, message, one.attempts, one.crashes));
    }
    return entries;
  }

  /** It may have been let go meanwhile. */
  private void loaded(Ledger.Open one, Entry entry) {
    Ledger.Open unused = unloaded.poll();
    if (one.isGone()) {
      return;
    }
    ledger.loaded(one, one.dead != 0 ? 0 : OVERHEAD + entry.size());
    if (one.dead == 0 && !one.again && one.attempts == 0) {
      arrived(entry, one.due);
      return;
    }
    takeInArrived();
    if (one.dead != 0) {
      backlog.hold(entry);
    } else if (one.again) {
      backlog.addHolding(entry, DiskStore.until(one.due));
    } else {
      backlog.addTried(entry, DiskStore.until(one.due));
    }
  }

  SubscriptionState state() {
    takeInArrived();
    long elsewhere = ledger.deferred() + unloaded.stream().filter(one -> one.dead == 0).count();
    return backlog.state(elsewhere, ledger.dead());
  }

  /** The first that wait in memory, and where the next are. */
  Peeked peek(int max) {
    takeInArrived();
    List<Waiting> waiting = backlog.peek(max);
    List<Elsewhere> elsewhere = new ArrayList<>();
    unloaded.stream()
        .filter(one -> one.dead == 0)
        .limit(max - waiting.size())
        .forEach(one -> elsewhere.add(new Elsewhere(one.position, one.attempts, one.due)));
    ledger
        .firstDeferred(max - waiting.size() - elsewhere.size())
        .forEach(place -> elsewhere.add(new Elsewhere(place, 0, 0)));
    return new Peeked(waiting, elsewhere);
  }

  /** A message that is not in memory; {@code due} in ms since 1970, or 0. */
  private record Elsewhere(long position, int attempts, long due) {
    Waiting with(Message message) {
      return DiskStore.until(due).isZero()
          ? new Waiting(message, Waiting.Place.READY, attempts, Optional.empty())
          : new Waiting(
              message, Waiting.Place.RESTING, attempts, Optional.of(Instant.ofEpochMilli(due)));
    }
  }

  record Peeked(List<Waiting> waiting, List<Elsewhere> elsewhere) {
    List<Long> places() {
      return elsewhere.stream().map(Elsewhere::position).toList();
    }

    List<Waiting> with(List<Message> messages) {
      List<Waiting> all = new ArrayList<>(waiting);
      for (int i = 0; i < messages.size(); i++) {
        all.add(elsewhere.get(i).with(messages.get(i)));
      }
      return all;
    }
  }

  /**
   * What waits in memory.
   *
   * @param loading whether there will be more
   * @param unreadable whether there would be if it were not damaged
   */
  record Loaded(List<Waiting> first, boolean loading, boolean unreadable) {}

  /** The first that wait in memory. */
  Loaded loaded(int max) {
    takeInArrived();
    return new Loaded(backlog.peek(max), loading && !unreadable, unreadable);
  }

  /** Lets go of what waits in memory with these ids; completes with how many. */
  CompletionStage<Long> remove(Set<String> ids) {
    List<Entry> gone = new ArrayList<>();
    Change<Long> change =
        new Change<>(
            store().completions(),
            () -> {
              gone.addAll(backlog.remove(entry -> ids.contains(entry.message().id())));
              long[] sequences = gone.stream().mapToLong(Entry::sequence).sorted().toArray();
              return gone.isEmpty() ? Append.NOTHING : Records.done(number, sequences);
            },
            position -> {
              gone.forEach(entry -> ledger.settle(entry.sequence()));
              refill();
              return (long) gone.size();
            });
    store().append(change);
    return change.result();
  }

  /** Lets go of everything that waits. */
  CompletionStage<Long> purge() {
    return purging(kept -> Records.of(Records.PURGE, number, kept), gone -> gone);
  }

  /** The same, and goes on from there. */
  CompletionStage<Long> seek(Start to, Function<Start, List<Long>> history) {
    return purging(
        kept -> Records.seek(number, kept, to),
        gone -> {
          List<Long> earlier = history.apply(to);
          begin(earlier);
          return (long) earlier.size();
        });
  }

  /** What is not in the backlog when the writer comes to it is in flight, and stays. */
  private CompletionStage<Long> purging(
      Function<List<Long>, byte[]> record, Function<Long, Long> then) {
    Set<Long> kept = new HashSet<>();
    Change<Long> change =
        new Change<>(
            store().completions(),
            () -> {
              kept.addAll(inFlightAfterPurge());
              return record.apply(kept.stream().sorted().toList());
            },
            position -> {
              takeInArrived();
              List<Entry> unused = backlog.purge();
              return then.apply(ledger.purge(kept));
            });
    store().append(change);
    return change.result();
  }

  private Set<Long> inFlightAfterPurge() {
    takeInArrived();
    Set<Long> inFlight = new HashSet<>();
    ledger.all().stream().filter(one -> one.dead == 0).forEach(one -> inFlight.add(one.sequence));
    unloaded.forEach(one -> inFlight.remove(one.sequence));
    backlog.purge().forEach(entry -> inFlight.remove(entry.sequence()));
    return inFlight;
  }

  /** A dead letter, and where it is. */
  record Dead(long sequence, long position, long why) {}

  /** The oldest dead letters. */
  List<Dead> dead(int max) {
    return ledger.all().stream()
        .filter(one -> one.dead != 0)
        .sorted(Comparator.comparingLong(one -> one.dead))
        .limit(max)
        .map(one -> new Dead(one.sequence, one.position, one.dead))
        .toList();
  }

  /** Lets dead letters live again; completes with how many there still were. */
  CompletionStage<Integer> revive(List<Dead> letters, List<DeadLetter> read) {
    return store()
        .changed(
            Records.of(Records.REPLAY, number, sequences(letters)),
            position -> {
              int count = 0;
              for (int i = 0; i < letters.size(); i++) {
                count += revive(letters.get(i).sequence(), read.get(i).message()) ? 1 : 0;
              }
              return count;
            });
  }

  private boolean revive(long sequence, Message message) {
    takeInArrived();
    Ledger.Open lives = ledger.revive(sequence);
    if (lives == null) {
      return false;
    }
    Entry entry = new Entry(lives.sequence, message);
    ledger.loaded(lives, OVERHEAD + entry.size());
    if (lives.sequence == sequence) {
      backlog.revive(entry);
    } else {
      backlog.add(entry, Duration.ZERO);
    }
    return true;
  }

  /** Deletes dead letters; completes with how many there still were. */
  CompletionStage<Integer> drop(List<Dead> letters, List<DeadLetter> read) {
    return store()
        .changed(
            Records.of(Records.DROP, number, sequences(letters)),
            position -> {
              int count = 0;
              for (int i = 0; i < letters.size(); i++) {
                count += drop(letters.get(i).sequence(), read.get(i).message()) ? 1 : 0;
              }
              return count;
            });
  }

  private boolean drop(long sequence, Message message) {
    takeInArrived();
    Ledger.Open letter = ledger.find(sequence);
    if (letter == null || letter.dead == 0) {
      return false;
    }
    if (letter.holdsKey) {
      backlog.release(new Entry(sequence, message));
    }
    ledger.drop(sequence);
    return true;
  }

  private static List<Long> sequences(List<Dead> letters) {
    return letters.stream().map(Dead::sequence).sorted().toList();
  }
}
