package io.anywire.conformance.chaos;

/**
 * A fault that was made.
 *
 * @param begun when, by {@link System#nanoTime}
 * @param over when its cause was gone: the broker takes connections again, has thawed, and so on
 */
record Fault(What what, long begun, long over) {

  /** What can go wrong. */
  enum What {
    BROKER_KILLED,
    BROKER_FROZEN,
    CONNECTIONS_CUT,
    WORKER_KILLED,
    WORKER_LEFT,
    WORKER_JOINED;

    /** The name as words. */
    String words() {
      return name().charAt(0)
          + name().substring(1).replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
    }
  }
}
