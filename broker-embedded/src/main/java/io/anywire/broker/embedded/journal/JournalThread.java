package io.anywire.broker.embedded.journal;

import java.util.concurrent.locks.LockSupport;

/**
 * The thread that writes a journal: it takes whatever waits, as often as something does, and waits for
 * nothing more to come. Thread-safe.
 */
public final class JournalThread implements AutoCloseable {
  private final Journal journal;
  private final Thread thread;
  private volatile boolean idle;
  private volatile boolean closing;

  /** Starts it. */
  public JournalThread(Journal journal, String name) {
    this.journal = journal;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
    thread.start();
  }

  /** Hands over, as {@link Journal#append}. */
  public void append(Append append) {
    journal.append(append);
    if (idle) {
      idle = false;
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (true) {
      if (journal.write()) {
        continue;
      }
      if (closing || journal.over() != null) {
        return;
      }
      idle = true;
      if (!journal.hasWork() && !closing) {
        LockSupport.park(this);
      }
      idle = false;
    }
  }

  /** Writes what waits, and ends. Idempotent. */
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
