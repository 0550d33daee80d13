package io.anywire.contract;

import java.time.Duration;
import java.util.Optional;

/**
 * The policy of a method's tasks; for an event method, of handling the event.
 *
 * @param attempts how often a handler may be tried before the message is dead-lettered; at least 1
 * @param firstRetry the pause before the first retry; positive
 * @param longestRetry the longest pause between two attempts; not shorter than {@code firstRetry}
 * @param expiry how long after it is due a task may still start; empty: for ever
 * @param keepResult how long the result can be asked for after the task has ended; positive
 * @param longestAttempt how long one attempt may take; empty: as long as it takes
 */
public record TaskPolicy(
    int attempts,
    Duration firstRetry,
    Duration longestRetry,
    Optional<Duration> expiry,
    Duration keepResult,
    Optional<Duration> longestAttempt) {

  /** What holds where the contract says nothing: 5 attempts, 1 s to 5 min, no expiry, 24 h. */
  public static final TaskPolicy DEFAULT =
      new TaskPolicy(
          5,
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Optional.empty(),
          Duration.ofHours(24),
          Optional.empty());

  /** Checks every bound. */
  public TaskPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: " + attempts + " (expected: >= 1)");
    }
    requirePositive("firstRetry", firstRetry);
    requirePositive("longestRetry", longestRetry);
    expiry.ifPresent(value -> requirePositive("expiry", value));
    requirePositive("keepResult", keepResult);
    longestAttempt.ifPresent(value -> requirePositive("longestAttempt", value));
    if (firstRetry.compareTo(longestRetry) > 0) {
      throw new IllegalArgumentException(
          "firstRetry: " + firstRetry + " (expected: <= longestRetry " + longestRetry + ")");
    }
  }

  /**
   * The pause after a failed attempt, without jitter: {@code firstRetry}, doubled with each further
   * attempt, never longer than {@code longestRetry}.
   *
   * @param attempt the number of the attempt that failed, from 1
   */
  public Duration backoff(int attempt) {
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt: " + attempt + " (expected: >= 1)");
    }
    Duration half = longestRetry.dividedBy(2);
    Duration pause = firstRetry;
    for (int failed = 1; failed < attempt; failed++) {
      if (pause.compareTo(half) > 0) {
        return longestRetry;
      }
      pause = pause.multipliedBy(2);
    }
    return pause;
  }

  /** The same policy with other retries. */
  public TaskPolicy withRetries(int most, Duration first, Duration longest) {
    return new TaskPolicy(most, first, longest, expiry, keepResult, longestAttempt);
  }

  static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
