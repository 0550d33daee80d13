package io.anywire.messaging.deliver;

import java.time.Duration;

/** Something that takes messages in; it ends like a wire. Thread-safe; every step is idempotent. */
public interface Serving extends AutoCloseable {

  /** Takes in nothing new. */
  void stop();

  /**
   * Waits until what was taken in is over and settled.
   *
   * @return whether that was reached within {@code limit}
   */
  boolean awaitIdle(Duration limit) throws InterruptedException;

  /** Stops, cancels what still runs, and gives back what is not settled. */
  @Override
  void close();
}
