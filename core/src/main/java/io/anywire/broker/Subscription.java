package io.anywire.broker;

/** The delivering of one subscription's messages to this process. Thread-safe. */
public interface Subscription extends AutoCloseable {

  /** Delivers nothing new from now on; what is in flight can still be settled. Idempotent. */
  void stop();

  /**
   * Stops, and gives back what is in flight, to be delivered to others without counting an attempt.
   * The subscription itself remains, with its backlog. Idempotent.
   */
  @Override
  void close();

  /**
   * The same for a holder that is gone without a word: what was in flight counts as crashed. For
   * those who subscribe on behalf of others.
   */
  default void abandon() {
    close();
  }
}
