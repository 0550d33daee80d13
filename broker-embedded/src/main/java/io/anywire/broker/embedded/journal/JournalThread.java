package io.anywire.broker.embedded.journal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that writes a journal: it takes whatever waits, as often as something does, and waits
 * for nothing more to come. Thread-safe.
 */
public final class JournalThread implements JournalWriter {
  /** How long it waits for a segment, before it looks again. */
  private static final long STALLED_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Journal journal;
  private final Runnable afterBatch;
  private final Thread thread;
  private volatile boolean idle;
  private volatile boolean closing;

  /**
   * Starts it.
   *
   * @param afterBatch what it does after each batch
   */
  public JournalThread(Journal journal, String name, Runnable afterBatch) {
    this.journal = journal;
    this.afterBatch = afterBatch;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    thread.start();
  }

  @Override
  public void append(Append append) {
    journal.append(append);
    if (idle) {
      idle = false;
      LockSupport.unpark(thread);
    }
  }

  /** Whatever goes wrong, nobody waits for a writer that is gone. */
  private void run() {
    try {
      writeAll();
    } catch (RuntimeException | Error e) {
      journal.poison(e);
    }
  }

  private void writeAll() {
    while (true) {
      boolean wrote = journal.write();
      afterBatch.run();
      if (wrote) {
        continue;
      }
      if (closing || journal.over() != null) {
        return;
      }
      if (journal.isStalled()) {
        LockSupport.parkNanos(this, STALLED_NANOS);
        continue;
      }
      idle = true;
      if (!journal.hasWork() && !closing) {
        LockSupport.park(this);
      }
      idle = false;
    }
  }

  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
