package io.anywire.call;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what runs, and waits until nothing does. Thread-safe. */
public final class InFlight {
  private final AtomicLong running = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();

  /** One more. */
  public void enter() {
    running.incrementAndGet();
  }

  /** One less. */
  public void exit() {
    if (running.decrementAndGet() == 0) {
      lock.lock();
      try {
        idle.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** How many run now. */
  public long count() {
    return running.get();
  }

  /**
   * Waits until none runs.
   *
   * @return whether that was reached within {@code limit}
   */
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (running.get() > 0 && left > 0) {
        // Bounded, since an exit between the check and the wait would go unnoticed otherwise.
        long step = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
        left -= step - Math.max(0, idle.awaitNanos(step));
      }
      return running.get() == 0;
    } finally {
      lock.unlock();
    }
  }
}
