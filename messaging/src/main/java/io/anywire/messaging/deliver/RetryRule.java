package io.anywire.messaging.deliver;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.contract.TaskPolicy;
import io.anywire.messaging.envelope.Envelope;
import io.grpc.Status.Code;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

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
 * @param policy the contract's, with what whoever left the message said instead
 * @param holdsKey whether a message that is given up holds its ordering key
 */
record RetryRule(TaskPolicy policy, boolean holdsKey) {
  private static final Set<Code> RETRIED =
      EnumSet.of(
          Code.UNAVAILABLE,
          Code.ABORTED,
          Code.RESOURCE_EXHAUSTED,
          Code.DEADLINE_EXCEEDED,
          Code.INTERNAL,
          Code.UNKNOWN);
  private static final List<String> RETRY_HEADERS =
      List.of(Envelope.ATTEMPTS, Envelope.FIRST_RETRY, Envelope.LONGEST_RETRY);
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** The rule for one message, which may say more than the contract does. */
  static RetryRule of(Message message, TaskPolicy contract, boolean holdsKey) {
    if (RETRY_HEADERS.stream().noneMatch(message.headers()::containsKey)) {
      return new RetryRule(contract, holdsKey);
    }
    String attempts = message.headers().getOrDefault(Envelope.ATTEMPTS, "");
    Duration first = duration(message, Envelope.FIRST_RETRY).orElse(contract.firstRetry());
    Duration longest =
        duration(message, Envelope.LONGEST_RETRY)
            .orElse(first.compareTo(contract.longestRetry()) > 0 ? first : contract.longestRetry());
    return new RetryRule(
        contract.withRetries(
            NUMBER.matcher(attempts).matches() ? Integer.parseInt(attempts) : contract.attempts(),
            first.compareTo(longest) > 0 ? longest : first,
            longest),
        holdsKey);
  }

  /**
   * What follows an attempt.
   *
   * @param attempt the number of the attempt that ended so, from 1
   */
  Outcome outcome(Status status, int attempt) {
    Code code = io.grpc.Status.fromCodeValue(status.getCode()).getCode();
    if (code == Code.OK) {
      return Outcome.DONE;
    }
    Optional<Duration> asked = askedFor(status);
    if (isLast(attempt) || (asked.isEmpty() && !RETRIED.contains(code))) {
      return reject(status);
    }
    return new Outcome.RetryAfter(asked.map(RetryRule::lengthened).orElseGet(() -> pause(attempt)));
  }

  /** Gives the message up. */
  Outcome reject(Status status) {
    return new Outcome.Reject(status, holdsKey);
  }

  /** Whether no attempt follows that one. */
  boolean isLast(int attempt) {
    return attempt >= policy.attempts();
  }

  /** The pause after that attempt, with jitter. */
  Duration pause(int attempt) {
    return jittered(policy.backoff(attempt));
  }

  /**
   * Puts off a message that nobody tried to handle, without counting an attempt: for about as long
   * again as it has waited, from 1 s to 5 min.
   */
  static Outcome putOff(Message message) {
    Duration waited = age(message);
    Duration atLeast = waited.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : waited;
    Duration pause = atLeast.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : atLeast;
    return new Outcome.RetryAfter(jittered(pause), false);
  }

  private static Duration age(Message message) {
    try {
      String time = message.attributes().getOrDefault("time", "");
      return time.isEmpty()
          ? SHORTEST_WAIT
          : Duration.between(OffsetDateTime.parse(time).toInstant(), Instant.now());
    } catch (DateTimeException e) {
      return SHORTEST_WAIT;
    }
  }

  private static Duration jittered(Duration pause) {
    return atLeast1Ms(scaled(pause, 0.5 + 0.5 * random()));
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

  private static Optional<Duration> duration(Message message, String header) {
    String text = message.headers().getOrDefault(header, "");
    try {
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(Duration.parse(text)).filter(Duration::isPositive);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
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
