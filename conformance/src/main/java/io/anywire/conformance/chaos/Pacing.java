package io.anywire.conformance.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Begins things at a steady pace, whatever becomes of those before. Thread-safe. */
final class Pacing implements AutoCloseable {
  private final ExecutorService things =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("chaos-load-", 0).factory());
  private final List<Thread> pacers = new ArrayList<>();

  /** Does {@code thing} every {@code pause}, each in a thread of its own. */
  void each(Duration pause, Runnable thing) {
    inTurn(pause, () -> once(thing));
  }

  /** Does {@code thing} with such pauses, one after the other. */
  void inTurn(Duration pause, Runnable thing) {
    pacers.add(
        Thread.ofVirtual()
            .name("chaos-pacer-" + pacers.size())
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(pause);
                  thing.run();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  /** Does {@code thing} once, in a thread of its own. */
  void once(Runnable thing) {
    things.execute(thing);
  }

  /** Begins nothing more, and waits for what has begun. */
  void stop(Duration limit) throws InterruptedException {
    for (Thread pacer : pacers) {
      pacer.interrupt();
      pacer.join();
    }
    things.shutdown();
    boolean unused = things.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    pacers.forEach(Thread::interrupt);
    things.shutdownNow();
  }
}
