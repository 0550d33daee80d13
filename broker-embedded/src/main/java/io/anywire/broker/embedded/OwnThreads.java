package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.Journal;
import io.anywire.broker.embedded.journal.JournalThread;
import io.anywire.broker.embedded.journal.JournalWriter;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A thread for each kind of work. */
final class OwnThreads implements StoreThreads {
  private final ThreadPoolExecutor reader = single("anywire-disk-reader");
  private final ThreadPoolExecutor keeper = single("anywire-disk-keeper");

  private static ThreadPoolExecutor single(String name) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> Thread.ofPlatform().daemon().name(name).unstarted(work));
    int unused = executor.prestartAllCoreThreads();
    return executor;
  }

  @Override
  public Executor reader() {
    return reader;
  }

  @Override
  public Executor keeper() {
    return keeper;
  }

  @Override
  public Executor teller() {
    return Thread::startVirtualThread;
  }

  @Override
  public JournalWriter writer(Journal journal, Runnable afterBatch) {
    return new JournalThread(journal, "anywire-disk-writer", afterBatch);
  }

  @Override
  public void close() {
    reader.shutdown();
    keeper.shutdown();
  }
}
