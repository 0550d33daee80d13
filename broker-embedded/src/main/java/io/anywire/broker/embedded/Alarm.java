package io.anywire.broker.embedded;

import io.anywire.call.Threads;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Goes off once, at a time that may be changed until then. {@link #due} and {@link #want} are for
 * whoever holds the lock of its owner; {@link #set}, which makes it so, is for whoever has let go
 * of it, in any thread. Timers have a lock of their own: who waited for that under the owner's
 * would hold up others, and with them perhaps the thread that has it.
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
