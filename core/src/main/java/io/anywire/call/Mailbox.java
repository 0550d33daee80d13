package io.anywire.call;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the callbacks of one call one at a time, in the order in which they arrived, on an executor
 * that may be anything: it is asked once for each burst. What a callback posts to its own mailbox
 * runs after it, on the same thread.
 *
 * <p>Thread-safe. A callback that throws does not keep the next one from running.
 */
final class Mailbox implements Executor, Runnable {
  private static final Logger log = LoggerFactory.getLogger(Mailbox.class);

  private final Executor threads;
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unfinished = new AtomicInteger();

  Mailbox(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable callback) {
    waiting.add(callback);
    if (unfinished.getAndIncrement() == 0) {
      start();
    }
  }

  /** An executor that was shut down must not keep the call from ending. */
  private void start() {
    try {
      threads.execute(this);
    } catch (RejectedExecutionException e) {
      Threads.VIRTUAL.execute(this);
    }
  }

  @Override
  public void run() {
    do {
      Runnable next = waiting.remove();
      try {
        next.run();
      } catch (Throwable t) {
        log.atError().setCause(t).log("A call's callback failed");
      }
    } while (unfinished.decrementAndGet() > 0);
  }
}
