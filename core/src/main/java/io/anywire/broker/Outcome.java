package io.anywire.broker;

import com.google.rpc.Status;
import java.time.Duration;

/** What became of a delivery. There is no bare "nack", so there can be no requeue storm. */
public sealed interface Outcome {

  /** It was handled. */
  record Done() implements Outcome {}

  /**
   * It is to be delivered again.
   *
   * @param delay how long it rests first, jitter included; more than 0
   * @param counts whether this was an attempt; false for a message that nobody tried to handle
   */
  record RetryAfter(Duration delay, boolean counts) implements Outcome {
    public RetryAfter {
      if (delay.isNegative() || delay.isZero()) {
        throw new IllegalArgumentException("delay: " + delay + " (expected: > 0)");
      }
    }

    /** As one attempt more. */
    public RetryAfter(Duration delay) {
      this(delay, true);
    }
  }

  /**
   * It goes to the dead letters.
   *
   * @param status why
   * @param holdsKey whether what comes behind it with the same ordering key waits until the dead
   *     letter is replayed or purged; needs {@link Capability#HOLDING}
   */
  record Reject(Status status, boolean holdsKey) implements Outcome {
    /** Without holding its key. */
    public Reject(Status status) {
      this(status, false);
    }
  }

  /** It was handled. */
  Outcome DONE = new Done();
}
