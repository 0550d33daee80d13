package io.anywire.conformance.crash;

import java.util.ArrayList;
import java.util.List;

/** Threads that do something again and again. Used by one thread. */
final class Threads implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();

  /** One more of something. */
  interface Turn {
    /**
     * @param number which this is; from 1
     */
    void take(long number) throws InterruptedException;
  }

  void start(String name, Turn turn) {
    threads.add(
        Thread.ofVirtual()
            .name("crash-" + name)
            .start(() -> {
              try {
                for (long number = 1; !Thread.currentThread().isInterrupted(); number++) {
                  turn.take(number);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
  }

  /** Ends them, and waits for that. */
  void stop() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
