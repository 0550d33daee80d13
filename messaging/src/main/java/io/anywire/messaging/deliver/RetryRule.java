package io.anywire.messaging.deliver;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.anywire.broker.Outcome;
import io.anywire.contract.TaskPolicy;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The one place that decides what becomes of a task or event that was handled. {@code OK} is done.
 * {@code UNAVAILABLE}, {@code ABORTED}, {@code RESOURCE_EXHAUSTED}, {@code DEADLINE_EXCEEDED},
 * {@code INTERNAL}, {@code UNKNOWN}, and whatever carries a {@link RetryInfo}, is retried until the
 * attempts are used up. Everything else goes to the dead letters at once.
 *
 * <p>The pause before a retry doubles with each attempt and is then cut by up to half at random, so
 * that what failed together does not come back together. A {@code RetryInfo}'s delay is kept, and
 * lengthened by up to a tenth.
 *
 * @param policy the contract's
 * @param attempts how many there may be, at least 1
 */
record RetryRule(TaskPolicy policy, int attempts) {
  private static final Set<Code> RETRIED =
      EnumSet.of(
          Code.UNAVAILABLE,
          Code.ABORTED,
          Code.RESOURCE_EXHAUSTED,
          Code.DEADLINE_EXCEEDED,
          Code.INTERNAL,
          Code.UNKNOWN);

  /**
   * @param attempt the number of the attempt that ended so, from 1
   */
  Outcome outcome(Status status, int attempt) {
    Code code = io.grpc.Status.fromCodeValue(status.getCode()).getCode();
    if (code == Code.OK) {
      return Outcome.DONE;
    }
    Optional<Duration> asked = askedFor(status);
    if (attempt >= attempts || (asked.isEmpty() && !RETRIED.contains(code))) {
      return new Outcome.Reject(status);
    }
    return new Outcome.RetryAfter(asked.map(RetryRule::lengthened).orElseGet(() -> pause(attempt)));
  }

  /** The pause after that attempt, with jitter. */
  Duration pause(int attempt) {
    return atLeast1Ms(scaled(policy.backoff(attempt), 0.5 + 0.5 * random()));
  }

  private static Duration lengthened(Duration asked) {
    return atLeast1Ms(scaled(asked, 1 + 0.1 * random()));
  }

  private static Duration scaled(Duration duration, double factor) {
    return Duration.ofMillis((long) (duration.toMillis() * factor));
  }

  private static Duration atLeast1Ms(Duration duration) {
    return duration.isPositive() ? duration : Duration.ofMillis(1);
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  private static Optional<Duration> askedFor(Status status) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        try {
          com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
          long seconds =
              Math.max(0, Math.min(delay.getSeconds(), Duration.ofDays(365).toSeconds()));
          return Optional.of(Duration.ofSeconds(seconds, Math.max(0, delay.getNanos())));
        } catch (InvalidProtocolBufferException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
