package io.anywire.broker.embedded;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a store besides its writer: one reads records again, one prepares segments and keeps
 * checkpoints. Nobody has them to interrupt, so nobody closes a file under the store. Thread-safe.
 */
final class StoreThreads implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreThreads.class);

  private final String store;
  private final ThreadPoolExecutor reader = single("anywire-disk-reader");
  private final ThreadPoolExecutor keeper = single("anywire-disk-keeper");

  /**
   * @param store for messages
   */
  StoreThreads(String store) {
    this.store = store;
  }

  private static ThreadPoolExecutor single(String name) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> Thread.ofPlatform().daemon().name(name).unstarted(work));
    executor.prestartAllCoreThreads();
    return executor;
  }

  Executor reader() {
    return reader;
  }

  Executor keeper() {
    return keeper;
  }

  /** Something that ends a store. */
  interface Closing {
    void run() throws IOException;
  }

  /** Does that in a thread of ours, after all that waits, and waits for it. */
  void closing(Closing closing) {
    CompletableFuture.runAsync(() -> {}, reader).join();
    CompletableFuture.runAsync(
            () -> {
              try {
                closing.run();
              } catch (IOException e) {
                log.atWarn().addKeyValue("store", store).setCause(e).log("Not closed in good order");
              }
            },
            keeper)
        .join();
  }

  @Override
  public void close() {
    reader.shutdown();
    keeper.shutdown();
  }
}
