package io.anywire.wire;

import io.anywire.WireUrl;
import java.time.Duration;

/**
 * A wire that is being served. It ends in three steps, so that a server with several wires can end
 * them together: stop taking in, finish what runs, close. Thread-safe; every step is idempotent.
 */
public interface Listening extends AutoCloseable {

  /** Where it listens, with the port that was really bound. */
  WireUrl url();

  /** Takes in nothing new from now on. What runs goes on. */
  void stop();

  /**
   * Waits until nothing runs any more.
   *
   * @return whether that was reached within {@code limit}
   */
  boolean awaitIdle(Duration limit) throws InterruptedException;

  /** Stops, cancels what still runs, and releases everything. */
  @Override
  void close();
}
