package io.anywire.call;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The threads that calls run on. */
public final class Threads {
  private static final Thread.Builder.OfVirtual CALLS = Thread.ofVirtual().name("anywire-call-", 0);

  /** Starts a virtual thread for each task. */
  public static final Executor VIRTUAL = CALLS::start;

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private Threads() {}

  /**
   * The timer of deadlines, leases and back-offs: one daemon thread, so what it runs must be short
   * and must not block.
   */
  public static ScheduledExecutorService timerThread() {
    return TIMER;
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("anywire-timer").factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
