package io.anywire.broker.rabbitmq;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.Status;
import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What we note on a message in headers of our own: attempts and crashes so far, and on a dead
 * letter why and when.
 *
 * @param attempts outcomes so far
 * @param crashes deliveries without an outcome so far
 */
record Bookkeeping(int attempts, int crashes) {
  private static final String ATTEMPTS = "anywireAttempts";
  private static final String CRASHES = "anywireCrashes";
  private static final String STATUS = "anywireStatus";
  private static final String TIME = "anywireTime";
  private static final String FROM = "anywireFrom";

  /** When a message that rests is due, in ms since 1970, for whoever moves it elsewhere. */
  private static final String DUE = "anywireDue";

  /**
   * A number that no other publish of ours has: by it we know which message is returned. It is the
   * property {@code correlation_id} instead where headers are to be few.
   */
  private static final String MARK = "anywireNumber";

  /** All of our headers. */
  static final Set<String> NAMES = Set.of(ATTEMPTS, CRASHES, STATUS, TIME, FROM, DUE, MARK);

  private static final AtomicLong marks = new AtomicLong();

  private static final int MAX_STATUS_BYTES = 16 * 1024;
  private static final int MAX_MESSAGE_CHARS = 1024;

  /** Marks what the broker is to return when no queue takes it. */
  static void mark(Map<String, Object> headers) {
    headers.put(MARK, marks.incrementAndGet());
  }

  /** The same without a header. */
  static void mark(BasicProperties.Builder properties) {
    properties.correlationId(Long.toString(marks.incrementAndGet()));
  }

  /** The same properties, with when the message is due that rests so long from now on. */
  static BasicProperties resting(BasicProperties properties, Duration delay) {
    Map<String, Object> headers = new HashMap<>(CloudEventsBinding.headers(properties));
    headers.put(DUE, System.currentTimeMillis() + delay.toMillis());
    return properties.builder().headers(headers).build();
  }

  /** When it is due; empty where nobody said. */
  static Optional<Instant> due(BasicProperties properties) {
    return CloudEventsBinding.headers(properties).get(DUE) instanceof Long due
        ? Optional.of(Instant.ofEpochMilli(due))
        : Optional.empty();
  }

  /** The mark of a message; empty where it has none. */
  static Optional<String> mark(BasicProperties properties) {
    Object mark = CloudEventsBinding.headers(properties).get(MARK);
    return mark != null
        ? Optional.of(mark.toString())
        : Optional.ofNullable(properties.getCorrelationId());
  }

  /**
   * Reads it from a delivery. What the engine counted since the copy was published are crashes:
   * quorum queues count every delivery but the first; RabbitMQ 4 calls it {@code x-acquired-count}.
   */
  static Bookkeeping of(BasicProperties properties) {
    Map<String, Object> headers = CloudEventsBinding.headers(properties);
    int counted =
        Math.max(number(headers, "x-delivery-count"), number(headers, "x-acquired-count"));
    return new Bookkeeping(number(headers, ATTEMPTS), number(headers, CRASHES) + counted);
  }

  /** One outcome more. */
  Bookkeeping afterAttempt() {
    return new Bookkeeping(attempts + 1, crashes);
  }

  /** As headers of a message that is to be delivered again. */
  Map<String, Object> headers() {
    return Map.of(ATTEMPTS, attempts, CRASHES, crashes);
  }

  /** As headers of a dead letter, which was delivered from the queue {@code from}. */
  Map<String, Object> headers(Status status, Instant time, String from) {
    String bytes = Base64.getEncoder().encodeToString(fitted(status).toByteArray());
    return Map.of(
        ATTEMPTS, attempts, CRASHES, crashes, STATUS, bytes, TIME, time.toString(), FROM, from);
  }

  /** The queue that a dead letter was delivered from. */
  static Optional<String> from(BasicProperties properties) {
    return Optional.ofNullable(CloudEventsBinding.headers(properties).get(FROM))
        .map(CloudEventsBinding::text);
  }

  /** Why it was given up. */
  static Status status(BasicProperties properties) {
    Object value = CloudEventsBinding.headers(properties).get(STATUS);
    try {
      return Status.parseFrom(
          Base64.getDecoder().decode(CloudEventsBinding.text(value == null ? "" : value)));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return Status.newBuilder()
          .setCode(Code.UNKNOWN_VALUE)
          .setMessage("the dead letter has no readable status")
          .build();
    }
  }

  /** When it was given up; the beginning of time where that is not said. */
  static Instant time(BasicProperties properties) {
    Object value = CloudEventsBinding.headers(properties).get(TIME);
    try {
      return Instant.parse(CloudEventsBinding.text(value == null ? "" : value));
    } catch (DateTimeException e) {
      return Instant.EPOCH;
    }
  }

  private static int number(Map<String, Object> headers, String name) {
    return headers.get(name) instanceof Number n
        ? (int) Math.clamp(n.longValue(), 0, 1_000_000)
        : 0;
  }

  /** Headers have to fit into one frame: an endless status loses its details. */
  private static Status fitted(Status status) {
    if (status.getSerializedSize() <= MAX_STATUS_BYTES) {
      return status;
    }
    String message = status.getMessage();
    return Status.newBuilder()
        .setCode(status.getCode())
        .setMessage(message.substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS)))
        .build();
  }
}
