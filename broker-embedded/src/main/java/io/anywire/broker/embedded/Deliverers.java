package io.anywire.broker.embedded;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Virtual threads that those share who have something to deliver now and then: with ten thousand
 * subscriptions, a thread for each would be woken for every few messages. Threads are there while
 * there is something to do; up to {@value #MOST}, so that one who is held up holds up nobody else.
 * Thread-safe.
 */
final class Deliverers {
  private static final int MOST = 64;

  private final Executor starter;
  private final Queue<Turn> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger threads = new AtomicInteger();

  /** Somebody who has something to deliver. */
  interface Turn {
    /** Delivers some of it, and returns whether there may be more. */
    boolean take();
  }

  /** {@code starter} starts a thread for what it is given. */
  Deliverers(Executor starter) {
    this.starter = starter;
  }

  /** Gives somebody a turn soon, after those before him, in another thread. */
  void add(Turn turn) {
    waiting.add(turn);
    startThread();
  }

  private void startThread() {
    for (int count = threads.get(); count < MOST; count = threads.get()) {
      if (threads.compareAndSet(count, count + 1)) {
        starter.execute(this::deliver);
        return;
      }
    }
  }

  private void deliver() {
    try {
      for (Turn next = waiting.poll(); next != null; next = waiting.poll()) {
        if (next.take()) {
          waiting.add(next);
        }
      }
    } finally {
      threads.decrementAndGet();
      if (!waiting.isEmpty()) {
        startThread(); // It came when there were enough threads, and then too late for this one.
      }
    }
  }
}
