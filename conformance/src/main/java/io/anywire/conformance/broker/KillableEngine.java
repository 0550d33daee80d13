package io.anywire.conformance.broker;

/** An engine in a process of its own, which can be harmed. */
public interface KillableEngine extends BrokerEngine {

  /** Kills it at once (SIGKILL). */
  void kill();

  /** Starts it again where it was, on the same data if it keeps any, and waits until it answers. */
  void restart();

  /** Stops it from running (SIGSTOP): its connections stay open and nothing answers. */
  void freeze();

  /** Lets it run on (SIGCONT). */
  void thaw();

  /**
   * Waits until the engine would keep what it has acknowledged, where that takes a moment after a
   * topic was made.
   */
  default void settleDown() {}
}
