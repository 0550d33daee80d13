package io.anywire.broker.embedded;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries that leave by priority, then in order of publication. Those that come in order, as nearly
 * all do, cost no sorting; one that comes late, because it was given back or had waited for its
 * key, is sorted in. A priority that nothing has had takes no room. Not thread-safe.
 */
final class ReadyQueue {
  private static final int PRIORITIES = 10;

  private final @Nullable Level[] levels = new @Nullable Level[PRIORITIES];
  private int size;

  /** No entry has a higher priority. */
  private int highest;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(Entry entry) {
    int priority = entry.priority();
    Level level = levels[priority];
    if (level == null) {
      level = new Level();
      levels[priority] = level;
    }
    level.add(entry);
    highest = Math.max(highest, priority);
    size++;
  }

  /** The next to leave; null when there is none. */
  @Nullable Entry poll() {
    if (size == 0) {
      return null;
    }
    for (; highest > 0; highest--) {
      Level level = levels[highest];
      if (level != null && !level.isEmpty()) {
        break;
      }
    }
    size--;
    return Objects.requireNonNull(levels[highest]).poll();
  }

  void clear() {
    Arrays.fill(levels, null);
    highest = 0;
    size = 0;
  }

  /** All of them, in no order. */
  Stream<Entry> stream() {
    return Arrays.stream(levels).filter(Objects::nonNull).flatMap(Level::stream);
  }

  /** The entries of one priority. */
  private static final class Level {
    private final Deque<Entry> inOrder = new ArrayDeque<>();

    /** Made for the first that comes late. */
    private @Nullable Queue<Entry> late;

    boolean isEmpty() {
      return inOrder.isEmpty() && (late == null || late.isEmpty());
    }

    void add(Entry entry) {
      Entry last = inOrder.peekLast();
      if (last == null || last.sequence() < entry.sequence()) {
        inOrder.addLast(entry);
        return;
      }
      if (late == null) {
        late = new PriorityQueue<>(Comparator.comparing(Entry::sequence));
      }
      late.add(entry);
    }

    @Nullable Entry poll() {
      Entry next = inOrder.peekFirst();
      Entry first = late == null ? null : late.peek();
      boolean fromLate = first != null && (next == null || first.sequence() < next.sequence());
      return fromLate && late != null ? late.poll() : inOrder.pollFirst();
    }

    Stream<Entry> stream() {
      return late == null ? inOrder.stream() : Stream.concat(inOrder.stream(), late.stream());
    }
  }
}
