package io.anywire.broker.embedded;

import io.anywire.call.Threads;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Goes off once, at a time that may be changed until then. What is wanted is said under a lock of
 * its owner's, and takes effect after it: timers have a lock of their own, for which nobody may
 * wait who holds up others, and with them the threads that would give it back.
 */
final class Alarm {
  /** The time of one that is not set. */
  static final long NEVER = Long.MAX_VALUE;

  private final Runnable action;
  private final ReentrantLock setting = new ReentrantLock();
  private volatile long wanted = NEVER;
  private volatile long set = NEVER;
  private @Nullable Future<?> timer;

  /** Does that when it goes off, in a thread that must not be held up. */
  Alarm(Runnable action) {
    this.action = action;
  }

  /** When it is to go off, as {@link System#nanoTime} tells; or {@link #NEVER}. */
  long due() {
    return wanted;
  }

  /** It is to go off then, or {@link #NEVER}, as soon as {@link #set} is called. */
  void want(long due) {
    wanted = due;
  }

  /** Takes care of what is wanted. */
  void set() {
    while (wanted != set) {
      setting.lock();
      try {
        long due = wanted;
        if (timer != null) {
          timer.cancel(false);
        }
        timer = due == NEVER ? null : timer(due);
        set = due;
      } finally {
        setting.unlock();
      }
    }
  }

  private Future<?> timer(long due) {
    return Threads.timerThread().schedule(action, due - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
