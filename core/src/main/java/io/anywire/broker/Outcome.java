package io.anywire.broker;

import com.google.rpc.Status;
import java.time.Duration;

/** What became of a delivery. There is no bare "nack", so there can be no requeue storm. */
public sealed interface Outcome {

  /** It was handled. */
  record Done() implements Outcome {}

  /**
   * It is to be tried again, as one attempt more.
   *
   * @param delay how long it rests first, jitter included; more than 0
   */
  record RetryAfter(Duration delay) implements Outcome {
    public RetryAfter {
      if (delay.isNegative() || delay.isZero()) {
        throw new IllegalArgumentException("delay: " + delay + " (expected: > 0)");
      }
    }
  }

  /**
   * It goes to the dead letters.
   *
   * @param status why
   */
  record Reject(Status status) implements Outcome {}

  /** It was handled. */
  Outcome DONE = new Done();
}
