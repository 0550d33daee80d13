package io.anywire.contract;

import java.time.Duration;

/**
 * The policy of calls to a method.
 *
 * @param timeout the deadline of calls over a queue whose caller set none; positive
 */
public record CallPolicy(Duration timeout) {
  /** What holds where the contract says nothing: 30 s. */
  public static final CallPolicy DEFAULT = new CallPolicy(Duration.ofSeconds(30));

  /** Checks the timeout. */
  public CallPolicy {
    TaskPolicy.requirePositive("timeout", timeout);
  }
}
