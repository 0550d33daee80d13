package io.anywire.broker.remote;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A call that lasts until one of its sides ends it. */
interface Lasting {
  /** Ends it from this side; its client will look for a broker again. */
  void end();

  /** Those of one server. Thread-safe. */
  final class All {
    private final Set<Lasting> open = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /** One more; ended at once where the others have been ended. */
    void add(Lasting one) {
      open.add(one);
      if (draining) {
        one.end();
      }
    }

    void remove(Lasting one) {
      open.remove(one);
    }

    /** Ends all of them, and those that come later. */
    void drain() {
      draining = true;
      open.forEach(Lasting::end);
    }
  }
}
