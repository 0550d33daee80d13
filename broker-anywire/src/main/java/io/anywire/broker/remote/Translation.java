package io.anywire.broker.remote;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.SubscribeRequest;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;

/** The broker's values as messages of the contract, and back. */
final class Translation {
  private Translation() {}

  static io.anywire.broker.remote.v1.Message message(Message message) {
    return io.anywire.broker.remote.v1.Message.newBuilder()
        .putAllAttributes(message.attributes())
        .putAllHeaders(message.headers())
        .setPayload(message.payload())
        .build();
  }

  static Message message(io.anywire.broker.remote.v1.Message message) {
    try {
      return new Message(message.getAttributesMap(), message.getHeadersMap(), message.getPayload());
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  static io.anywire.broker.remote.v1.Topic topic(Topic topic) {
    return io.anywire.broker.remote.v1.Topic.newBuilder()
        .setName(topic.name())
        .setKind(io.anywire.broker.remote.v1.Topic.Kind.valueOf(topic.kind().name()))
        .build();
  }

  static Topic topic(io.anywire.broker.remote.v1.Topic topic) {
    try {
      return new Topic(topic.getName(), Topic.Kind.valueOf(topic.getKind().name()));
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  static SubscribeRequest settle(long lease, Outcome outcome) {
    SubscribeRequest.Settle.Builder settle = SubscribeRequest.Settle.newBuilder().setLease(lease);
    switch (outcome) {
      case Outcome.Done done -> settle.setDone(SubscribeRequest.Done.getDefaultInstance());
      case Outcome.RetryAfter retry -> settle.setRetryAfter(duration(retry.delay()));
      case Outcome.Reject reject -> settle.setReject(reject.status());
    }
    return SubscribeRequest.newBuilder().setSettle(settle).build();
  }

  static Outcome outcome(SubscribeRequest.Settle settle) {
    try {
      return switch (settle.getOutcomeCase()) {
        case DONE -> Outcome.DONE;
        case RETRY_AFTER -> new Outcome.RetryAfter(duration(settle.getRetryAfter()));
        case REJECT -> new Outcome.Reject(settle.getReject());
        case OUTCOME_NOT_SET ->
            throw new IllegalArgumentException(
                "settle without an outcome (expected: done, retry_after or reject)");
      };
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  static io.anywire.broker.remote.v1.DeadLetter deadLetter(DeadLetter letter) {
    return io.anywire.broker.remote.v1.DeadLetter.newBuilder()
        .setMessage(message(letter.message()))
        .setStatus(letter.status())
        .setAttempts(letter.attempts())
        .setTime(
            com.google.protobuf.Timestamp.newBuilder()
                .setSeconds(letter.time().getEpochSecond())
                .setNanos(letter.time().getNano()))
        .build();
  }

  static DeadLetter deadLetter(io.anywire.broker.remote.v1.DeadLetter letter) {
    return new DeadLetter(
        message(letter.getMessage()),
        letter.getStatus(),
        letter.getAttempts(),
        Instant.ofEpochSecond(letter.getTime().getSeconds(), letter.getTime().getNanos()));
  }

  static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static Duration duration(com.google.protobuf.Duration duration) {
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  private static RuntimeException invalid(IllegalArgumentException e) {
    return Status.INVALID_ARGUMENT
        .withDescription(e.getMessage())
        .withCause(e)
        .asRuntimeException();
  }
}
