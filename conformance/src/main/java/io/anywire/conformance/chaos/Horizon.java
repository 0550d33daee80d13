package io.anywire.conformance.chaos;

/**
 * What a broker whose content goes with its process may have forgotten: the tasks that it
 * acknowledged before it was started again, and the events that it acknowledged before somebody had
 * subscribed again. Thread-safe.
 */
final class Horizon {
  /** Of a broker that forgets nothing. */
  static final Horizon NONE = new Horizon();

  private volatile long tasks;
  private volatile long events;

  Horizon() {
    tasks = System.nanoTime();
    events = tasks;
  }

  /** A killed broker is about to be started again. */
  void restarting() {
    tasks = System.nanoTime();
    events = tasks;
  }

  /** The subscription is there again. */
  void subscribed() {
    events = System.nanoTime();
  }

  /** Whether the broker may have forgotten that message. */
  boolean mayHide(Operation message) {
    long acknowledged = message.end().orElseThrow().at();
    return acknowledged - (message.kind() == Kind.TASK ? tasks : events) <= 0;
  }
}
