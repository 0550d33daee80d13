package io.anywire.broker.embedded;

import com.google.rpc.Status;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The dead letters of a feed, oldest first. They count towards the store's capacity. */
final class MemoryDeadLetters implements DeadLetters {
  /** A dead letter, where it was in the order, and whether its key waits for it. */
  record Dead(DeadLetter letter, Entry entry, boolean holdsKey) {}

  private final MemoryFeed feed;
  private final List<Dead> all = new ArrayList<>();

  MemoryDeadLetters(MemoryFeed feed) {
    this.feed = feed;
  }

  void add(Entry entry, Status status, boolean holdsKey) {
    DeadLetter letter =
        new DeadLetter(entry.message(), status, entry.attempts() + 1, Instant.now());
    synchronized (all) {
      all.add(new Dead(letter, entry, holdsKey));
    }
  }

  /** One that another broker had, and that holds no key. */
  void add(DeadLetter letter) {
    synchronized (all) {
      all.add(new Dead(letter, new Entry(0, letter.message()), false));
    }
  }

  int size() {
    synchronized (all) {
      return all.size();
    }
  }

  @Override
  public List<DeadLetter> list(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    synchronized (all) {
      return all.stream().limit(max).map(Dead::letter).toList();
    }
  }

  @Override
  public int replay(Predicate<DeadLetter> which) {
    return remove(which, feed::replayed);
  }

  @Override
  public int purge(Predicate<DeadLetter> which) {
    return remove(which, feed::purged);
  }

  private int remove(Predicate<DeadLetter> which, Consumer<Dead> then) {
    List<Dead> removed = new ArrayList<>();
    synchronized (all) {
      all.removeIf(dead -> which.test(dead.letter()) && removed.add(dead));
    }
    removed.forEach(then);
    return removed.size();
  }
}
