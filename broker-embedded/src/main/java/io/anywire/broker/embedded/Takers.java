package io.anywire.broker.embedded;

import io.anywire.broker.embedded.Backlog.Taker;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Those who wait, first come first: mostly one or nobody, which takes no room. Not thread-safe. */
final class Takers {
  private @Nullable Taker first;

  /** Those behind the first; made for the first of them. */
  private @Nullable Deque<Taker> others;

  boolean isEmpty() {
    return first == null;
  }

  void add(Taker taker) {
    if (first == null) {
      first = taker;
      return;
    }
    if (others == null) {
      others = new ArrayDeque<>();
    }
    others.add(taker);
  }

  /** One waits no more, if he did. */
  void remove(Taker taker) {
    if (first == taker) {
      first = others == null ? null : others.poll();
    } else if (others != null) {
      others.remove(taker);
    }
  }

  /** Wakes the first, who waits no more; returns whether there was one. */
  boolean wakeOne() {
    Taker woken = first;
    if (woken == null) {
      return false;
    }
    remove(woken);
    woken.wake();
    return true;
  }
}
