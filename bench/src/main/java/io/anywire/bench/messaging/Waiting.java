package io.anywire.bench.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for one thread, which takes all of it at once. Thread-safe. */
public final class Waiting<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition some = lock.newCondition();
  private List<T> waiting = new ArrayList<>();

  /** Adds one. */
  public void add(T one) {
    lock.lock();
    try {
      waiting.add(one);
      if (waiting.size() == 1) {
        some.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes all that there are, in the order in which they came; waits for the first. */
  public List<T> takeAll() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        some.await();
      }
      List<T> taken = waiting;
      waiting = new ArrayList<>(taken.size());
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
