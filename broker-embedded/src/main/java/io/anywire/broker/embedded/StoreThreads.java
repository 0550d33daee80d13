package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.Journal;
import io.anywire.broker.embedded.journal.JournalWriter;
import java.util.concurrent.Executor;

/**
 * Who does the work of a store. Nobody has the threads that read and write, to interrupt them, so
 * nobody closes a file under the store.
 */
interface StoreThreads extends AutoCloseable {

  /** Reads records again. */
  Executor reader();

  /** Prepares segments and keeps checkpoints. */
  Executor keeper();

  /**
   * Tells what was committed to whoever waits for it, and delivers; who blocks holds up no other.
   */
  Executor teller();

  /**
   * Begins to write a journal.
   *
   * @param afterBatch what the writer does after each batch
   */
  JournalWriter writer(Journal journal, Runnable afterBatch);

  @Override
  void close();
}
