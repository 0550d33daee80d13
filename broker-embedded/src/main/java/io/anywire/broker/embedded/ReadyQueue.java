package io.anywire.broker.embedded;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Entries that leave by priority, then in order of publication. Those that come in order, as nearly
 * all do, cost no sorting; one that comes late, because it was given back or had waited for its
 * key, is sorted in. Not thread-safe.
 */
final class ReadyQueue {
  private static final int PRIORITIES = 10;

  private final Level[] levels = new Level[PRIORITIES];
  private int size;

  ReadyQueue() {
    Arrays.setAll(levels, i -> new Level());
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(Entry entry) {
    levels[entry.priority()].add(entry);
    size++;
  }

  /** The next to leave; null when there is none. */
  @Nullable Entry poll() {
    for (int i = size == 0 ? -1 : PRIORITIES - 1; i >= 0; i--) {
      Entry entry = levels[i].poll();
      if (entry != null) {
        size--;
        return entry;
      }
    }
    return null;
  }

  void clear() {
    for (Level level : levels) {
      level.inOrder.clear();
      level.late.clear();
    }
    size = 0;
  }

  /** All of them, in no order. */
  Stream<Entry> stream() {
    return Arrays.stream(levels)
        .flatMap(level -> Stream.concat(level.inOrder.stream(), level.late.stream()));
  }

  /** The entries of one priority. */
  private static final class Level {
    private final Deque<Entry> inOrder = new ArrayDeque<>();
    private final Queue<Entry> late = new PriorityQueue<>(Comparator.comparing(Entry::sequence));

    void add(Entry entry) {
      Entry last = inOrder.peekLast();
      if (last == null || last.sequence() < entry.sequence()) {
        inOrder.addLast(entry);
      } else {
        late.add(entry);
      }
    }

    @Nullable Entry poll() {
      Entry first = late.peek();
      Entry next = inOrder.peekFirst();
      boolean fromLate = first != null && (next == null || first.sequence() < next.sequence());
      return fromLate ? late.poll() : inOrder.pollFirst();
    }
  }
}
