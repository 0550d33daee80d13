package io.anywire.broker.embedded;

import io.anywire.broker.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Entries that leave by priority, then in order of publication. Those that come in order, as nearly
 * all do, cost no sorting; one that comes late, because it was given back or had waited for its
 * key, is sorted in. Where all have the normal priority, there is nothing but a chain of them. Not
 * thread-safe.
 */
final class ReadyQueue {
  private static final int PRIORITIES = 10;

  private final Level normal = new Level();

  /** Made for the first that has another priority. */
  private @Nullable Level @Nullable [] levels;

  private int size;

  /** No entry has a higher priority. */
  private int highest;

  /** Reads what is needed nearly always. */
  long lookAhead() {
    return normal.isEmpty() ? 0 : size;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(Entry entry) {
    int priority = entry.priority();
    level(priority).add(entry);
    highest = Math.max(highest, priority);
    size++;
  }

  private Level level(int priority) {
    if (levels == null) {
      if (priority == Message.NORMAL_PRIORITY) {
        return normal;
      }
      levels = new @Nullable Level[PRIORITIES];
      levels[Message.NORMAL_PRIORITY] = normal;
    }
    Level level = levels[priority];
    if (level == null) {
      level = new Level();
      levels[priority] = level;
    }
    return level;
  }

  /** The next to leave; null when there is none. */
  @Nullable Entry poll() {
    if (size == 0) {
      return null;
    }
    size--;
    return levels == null ? normal.poll() : highest(levels).poll();
  }

  /** The highest that has something, as one has. */
  private Level highest(@Nullable Level[] levels) {
    for (; highest > 0; highest--) {
      Level level = levels[highest];
      if (level != null && !level.isEmpty()) {
        break;
      }
    }
    return Objects.requireNonNull(levels[highest]);
  }

  void clear() {
    while (size > 0) {
      Entry unused = poll();
    }
  }

  /** All of them, in no order. */
  List<Entry> all() {
    List<Entry> all = new ArrayList<>(size);
    if (levels == null) {
      normal.addTo(all);
    } else {
      for (Level level : levels) {
        if (level != null) {
          level.addTo(all);
        }
      }
    }
    return all;
  }

  /** The entries of one priority. */
  private static final class Level {
    /** A chain, in order. */
    private @Nullable Entry first;

    private @Nullable Entry last;

    /** Made for the first that comes late. */
    private @Nullable Queue<Entry> late;

    boolean isEmpty() {
      return first == null && (late == null || late.isEmpty());
    }

    void add(Entry entry) {
      if (last == null) {
        first = entry;
      } else if (last.sequence() < entry.sequence()) {
        last.next = entry;
      } else {
        addLate(entry);
        return;
      }
      last = entry;
    }

    private void addLate(Entry entry) {
      if (late == null) {
        late = new PriorityQueue<>(Comparator.comparing(Entry::sequence));
      }
      late.add(entry);
    }

    @Nullable Entry poll() {
      Entry next = first;
      Entry before = late == null ? null : late.peek();
      if (late != null && before != null && (next == null || before.sequence() < next.sequence())) {
        return late.poll();
      }
      if (next != null) {
        first = next.next;
        next.next = null;
        last = first == null ? null : last;
      }
      return next;
    }

    void addTo(List<Entry> all) {
      for (Entry next = first; next != null; next = next.next) {
        all.add(next);
      }
      if (late != null) {
        all.addAll(late);
      }
    }
  }
}
