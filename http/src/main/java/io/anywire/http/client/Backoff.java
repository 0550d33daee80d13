package io.anywire.http.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long after the beginning of one attempt to connect the next may begin, as gRPC's connection
 * back-off protocol lays down. Immutable.
 *
 * @param initial after the first failure; positive
 * @param multiplier what each further failure multiplies it by; at least 1
 * @param jitter the share of it that is added or subtracted at random; from 0 to 1
 * @param max what it does not exceed, jitter aside; at least {@code initial}
 */
public record Backoff(Duration initial, double multiplier, double jitter, Duration max) {
  /** gRPC's own figures: 1 s, times 1.6, up to 120 s, 20 % more or less. */
  public static final Backoff GRPC =
      new Backoff(Duration.ofSeconds(1), 1.6, 0.2, Duration.ofSeconds(120));

  public Backoff {
    if (initial.isNegative() || initial.isZero()) {
      throw new IllegalArgumentException("initial: " + initial + " (expected: > 0)");
    }
    if (multiplier < 1) {
      throw new IllegalArgumentException("multiplier: " + multiplier + " (expected: >= 1)");
    }
    if (jitter < 0 || jitter > 1) {
      throw new IllegalArgumentException("jitter: " + jitter + " (expected: 0 to 1)");
    }
    if (max.compareTo(initial) < 0) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= " + initial + ")");
    }
  }

  /** The same between other bounds; {@code longest} gives way to {@code first}. */
  public Backoff within(Duration first, Duration longest) {
    return new Backoff(first, multiplier, jitter, longest.compareTo(first) < 0 ? first : longest);
  }

  /** The pause after so many failures in a row, at least one. */
  public Duration after(int failures) {
    double plain = initial.toNanos() * Math.pow(multiplier, Math.max(0, failures - 1));
    double bounded = Math.min(plain, max.toNanos());
    double spread = 1 + jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return Duration.ofNanos((long) (bounded * spread));
  }
}
