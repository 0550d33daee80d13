package io.anywire.broker.embedded;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The dead letters of a backlog, oldest first. They count towards the store's capacity. */
final class MemoryDeadLetters implements DeadLetters {
  private final Backlog backlog;
  private final List<DeadLetter> letters = new ArrayList<>();

  MemoryDeadLetters(Backlog backlog) {
    this.backlog = backlog;
  }

  void add(DeadLetter letter) {
    synchronized (letters) {
      letters.add(letter);
    }
  }

  @Override
  public List<DeadLetter> list(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    synchronized (letters) {
      return List.copyOf(letters.subList(0, Math.min(max, letters.size())));
    }
  }

  @Override
  public int replay(Predicate<DeadLetter> which) {
    return remove(which, backlog::replayed);
  }

  @Override
  public int purge(Predicate<DeadLetter> which) {
    return remove(which, backlog::deleted);
  }

  private int remove(Predicate<DeadLetter> which, Consumer<Message> then) {
    List<DeadLetter> removed = new ArrayList<>();
    synchronized (letters) {
      letters.removeIf(letter -> which.test(letter) && removed.add(letter));
    }
    removed.forEach(letter -> then.accept(letter.message()));
    return removed.size();
  }
}
