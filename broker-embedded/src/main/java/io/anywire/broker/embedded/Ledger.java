package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says of one subscription: which messages it has not settled, and where they are.
 *
 * <p>Changes by records only, in their order, and so is the same after a restart. A few messages,
 * those that are or may soon be delivered, rest or are dead, are {@link Open}; those behind them
 * are <em>deferred</em>, in order, and cost a few bytes each. When a record names a deferred one,
 * which happens only while the journal is read again, those before it become open too. Not
 * thread-safe.
 */
final class Ledger {
  /** A message that is not settled, nor deferred. */
  static final class Open implements LongTable.Numbered {
    final long sequence;
    long position;
    int attempts;
    int crashes;

    /** When it is or was due, in ms; 0 for at once. */
    long due;

    /** Whether it was delivered and came back, and so holds its key. */
    boolean again;

    /** Where it says why it was given up; 0 while it lives. */
    long dead;

    /** Whether it is dead and yet holds its key. */
    boolean holdsKey;

    /** Whether it is settled, or was let go. */
    private boolean gone;

    /** What it takes of the memory, about, in bytes; 0 while it is not there. */
    private int bytes;

    private Open(long sequence, long position) {
      this.sequence = sequence;
      this.position = position;
    }

    boolean isGone() {
      return gone;
    }

    @Override
    public long number() {
      return sequence;
    }
  }

  /** Where none was ever deferred; nothing is put there. */
  private static final CompactQueue NONE = new CompactQueue(2);

  private final Needed needed;
  private final LongTable<Open> open = new LongTable<>();
  private CompactQueue deferred = NONE;

  /** Whether the deferred are in the order of their places, as they are until one is moved. */
  private boolean inOrder = true;

  private long lastDeferred;
  private long nextSequence;
  private int dead;
  private long bytes;
  private boolean live;

  Ledger(Needed needed) {
    this.needed = needed;
  }

  /** The journal has been read: from now on only open messages are spoken of. */
  void live() {
    live = true;
  }

  /** How many are open and alive. */
  int alive() {
    return open.size() - dead;
  }

  int dead() {
    return dead;
  }

  long deferred() {
    return deferred.size();
  }

  /** A message is in memory now, and takes so many bytes there. */
  void loaded(Open one, int size) {
    bytes += size - one.bytes;
    one.bytes = size;
  }

  /** How many bytes of memory the messages take. */
  long bytes() {
    return bytes;
  }

  /** Takes a message in as open. */
  Open add(long position, long due) {
    Open added = new Open(nextSequence++, position);
    added.due = due;
    open.put(added);
    needed.retain(position);
    return added;
  }

  /** Takes a message in behind all that are deferred. */
  void defer(long position) {
    deferredAt(position, deferred.isEmpty());
    if (deferred == NONE) {
      deferred = new CompactQueue(2);
    }
    deferred.add(nextSequence++, position);
    needed.retain(position);
  }

  private void deferredAt(long position, boolean first) {
    inOrder = first || inOrder && position > lastDeferred;
    lastDeferred = position;
  }

  /** Lets the first of the deferred be open; null when there is none. */
  @Nullable Open advance() {
    long[] row = new long[2];
    if (!deferred.poll(row)) {
      return null;
    }
    Open first = new Open(row[0], row[1]);
    open.put(first);
    return first;
  }

  /** The open message of that sequence; null when it is settled or was let go. */
  @Nullable Open find(long sequence) {
    Open found = open.get(sequence);
    if (!live && sequence >= nextSequence) {
      throw new IllegalStateException(
          "message %d of a subscription that had %d".formatted(sequence, nextSequence));
    }
    while (found == null && !live && !deferred.isEmpty() && sequence < nextSequence) {
      Open next = advance();
      if (next == null || next.sequence > sequence) {
        return null;
      }
      found = next.sequence == sequence ? next : null;
    }
    return found;
  }

  /** Reads what {@link #add} will need. */
  long lookAhead() {
    return open.get(nextSequence) == null ? nextSequence : 0;
  }

  /** Reads what {@link #settle} will need. */
  long lookAhead(long sequence) {
    Open one = open.get(sequence);
    return one == null ? 0 : one.position;
  }

  /** It is settled. */
  void settle(long sequence) {
    Open settled = find(sequence);
    if (settled != null) {
      remove(settled);
    }
  }

  private void remove(Open gone) {
    open.remove(gone.sequence);
    gone.gone = true;
    bytes -= gone.bytes;
    needed.release(gone.position);
    if (gone.dead != 0) {
      needed.release(gone.dead);
      dead--;
    }
  }

  /** It is to be delivered again. */
  void retry(long sequence, int attempts, int crashes, long due) {
    Open retried = find(sequence);
    if (retried != null) {
      retried.attempts = attempts;
      retried.crashes = crashes;
      retried.due = due;
      retried.again = true;
    }
  }

  /** It was given up; {@code position} says why. */
  void die(long sequence, boolean holdsKey, long position) {
    Open dying = find(sequence);
    if (dying != null && dying.dead == 0) {
      dying.dead = position;
      dying.holdsKey = holdsKey;
      loaded(dying, 0);
      dead++;
      needed.retain(position);
    }
  }

  /**
   * A dead letter lives again, where it was if it held its key, else as if published now.
   *
   * @return null when it is no dead letter any more
   */
  @Nullable Open revive(long sequence) {
    Open letter = open.get(sequence);
    if (letter == null || letter.dead == 0) {
      return null;
    }
    if (!letter.holdsKey) {
      Open fresh = add(letter.position, 0);
      remove(letter);
      return fresh;
    }
    needed.release(letter.dead);
    letter.dead = 0;
    letter.holdsKey = false;
    letter.attempts = 0;
    letter.crashes = 0;
    letter.due = 0;
    letter.again = true;
    dead--;
    return letter;
  }

  /** A dead letter is gone, if it is one still. */
  void drop(long sequence) {
    Open letter = open.get(sequence);
    if (letter != null && letter.dead != 0) {
      remove(letter);
    }
  }

  /**
   * Lets go of all but the dead letters and these.
   *
   * @return how many it let go
   */
  long purge(Set<Long> kept) {
    for (long sequence : kept) {
      Open unused = find(sequence);
    }
    long gone = deferred.size();
    deferred.forEach(row -> needed.release(row[1]));
    deferred = NONE;
    for (Open one : open.values()) {
      if (one.dead == 0 && !kept.contains(one.sequence)) {
        remove(one);
        gone++;
      }
    }
    return gone;
  }

  /** All that are open, in order of publication. */
  List<Open> all() {
    List<Open> all = open.values();
    all.sort(Comparator.comparingLong(one -> one.sequence));
    return all;
  }

  /** The places of all that are deferred. */
  void eachDeferred(LongConsumer place) {
    deferred.forEach(row -> place.accept(row[1]));
  }

  /** The places of the first deferred ones. */
  List<Long> firstDeferred(int max) {
    List<Long> first = new ArrayList<>();
    deferred.forEach(row -> {
      if (first.size() < max) {
        first.add(row[1]);
      }
    });
    return first;
  }

  /** Tells the places of all that is needed. */
  void places(LongConsumer places) {
    for (Open one : open.values()) {
      places.accept(one.position);
      if (one.dead != 0) {
        places.accept(one.dead);
      }
    }
    deferred.forEach(row -> places.accept(row[1]));
  }

  /** Follows what it has to where it was moved. */
  void moved(Moves moves) {
    for (Open one : open.values()) {
      one.position = moved(moves, one.position);
      one.dead = moved(moves, one.dead);
    }
    long[] first = new long[2];
    if (deferred.peek(first) && (!inOrder || first[1] <= moves.last())) {
      deferred.replaceAll(row -> row[1] = moved(moves, row[1]));
      inOrder = false;
    }
  }

  private long moved(Moves moves, long before) {
    long after = moves.after(before);
    if (after != before) {
      needed.retain(after);
      needed.release(before);
    }
    return after;
  }

  /** Writes all of it for a checkpoint. */
  void write(RecordWriter to) {
    to.number(nextSequence).number(open.size());
    all()
        .forEach(one ->
            to.number(one.sequence)
                .number(one.position)
                .number(one.attempts)
                .number(one.crashes)
                .number(one.due)
                .number((one.again ? 1 : 0) | (one.holdsKey ? 2 : 0))
                .number(one.dead));
    deferred.write(to);
  }

  /** Reads what {@link #write} wrote into an empty one. */
  void read(RecordReader from) {
    nextSequence = from.number();
    for (int left = from.small(); left > 0; left--) {
      readOpen(from);
    }
    deferred = new CompactQueue(2);
    deferred.read(
        from,
        row -> {
          needed.retain(row[1]);
          deferredAt(row[1], deferred.size() == 1);
        });
    if (deferred.isEmpty()) {
      deferred = NONE;
    }
  }

  private void readOpen(RecordReader from) {
    Open one = new Open(from.number(), from.number());
    one.attempts = from.small();
    one.crashes = from.small();
    one.due = from.number();
    long flags = from.number();
    one.again = (flags & 1) != 0;
    one.holdsKey = (flags & 2) != 0;
    one.dead = from.number();
    open.put(one);
    needed.retain(one.position);
    if (one.dead != 0) {
      needed.retain(one.dead);
      dead++;
    }
  }
}
