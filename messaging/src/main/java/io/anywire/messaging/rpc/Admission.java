package io.anywire.messaging.rpc;

import io.anywire.call.Threads;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a bounded number of calls run; the others wait their turn. How many can wait is bounded by
 * what the broker delivers without its being settled. Thread-safe.
 */
final class Admission {
  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int running;

  Admission(int limit) {
    this.limit = limit;
  }

  /** Begins a call, now or when others have left. {@code begin} must not block. */
  void enter(Runnable begin) {
    lock.lock();
    try {
      if (running >= limit) {
        waiting.add(begin);
        return;
      }
      running++;
    } finally {
      lock.unlock();
    }
    begin.run();
  }

  /** A call that had begun is over. */
  void leave() {
    Runnable next;
    lock.lock();
    try {
      next = waiting.poll();
      if (next == null) {
        running--;
        return;
      }
    } finally {
      lock.unlock();
    }
    // On another thread, since a call that is over at once would otherwise recurse.
    Threads.VIRTUAL.execute(next);
  }

  /** Forgets those that wait, and says how many they were. */
  int clear() {
    lock.lock();
    try {
      int forgotten = waiting.size();
      waiting.clear();
      return forgotten;
    } finally {
      lock.unlock();
    }
  }
}
