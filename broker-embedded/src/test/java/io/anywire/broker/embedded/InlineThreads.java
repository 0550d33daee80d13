package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.Append;
import io.anywire.broker.embedded.journal.Journal;
import io.anywire.broker.embedded.journal.JournalWriter;
import java.util.concurrent.Executor;

/**
 * Everything in the thread of the test: what is appended is written at once, unless it is held back
 * to become one batch.
 */
final class InlineThreads implements StoreThreads {
  private Runnable writing = () -> {};
  private boolean held;
  private boolean busy;

  /** Runs it, and then writes what it has appended. */
  void asOneBatch(Runnable work) {
    held = true;
    work.run();
    held = false;
    writing.run();
  }

  @Override
  public Executor reader() {
    return Runnable::run;
  }

  @Override
  public Executor keeper() {
    return Runnable::run;
  }

  @Override
  public Executor teller() {
    return Runnable::run;
  }

  @Override
  public JournalWriter writer(Journal journal, Runnable afterBatch) {
    writing = () -> write(journal, afterBatch);
    return new JournalWriter() {
      @Override
      public void append(Append append) {
        journal.append(append);
        if (!held) {
          writing.run();
        }
      }

      @Override
      public void close() {
        writing.run();
      }
    };
  }

  private void write(Journal journal, Runnable afterBatch) {
    if (busy) {
      return;
    }
    busy = true;
    while (journal.hasWork()) {
      boolean unused = journal.write();
      afterBatch.run();
    }
    busy = false;
  }

  @Override
  public void close() {}
}
