package io.anywire;

/**
 * A handler with calls that last until somebody ends them, such as subscriptions: its server tells
 * it when it stops taking in, and waits for the calls to end.
 */
public interface Drainable {

  /** Ends what lasts; may be called more than once, by any thread. */
  void drain();
}
