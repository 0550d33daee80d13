package io.anywire.broker.remote;

import static java.util.stream.Collectors.toSet;

import com.google.protobuf.Timestamp;
import io.anywire.broker.Capabilities;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Stored;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.GetCapabilitiesResponse;
import io.anywire.broker.remote.v1.SubscribeRequest;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

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

  static Publication publication(io.anywire.broker.remote.v1.Publication publication) {
    try {
      return new Publication(
          topic(publication.getTopic()),
          message(publication.getMessage()),
          duration(publication.getDelay()));
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  static SubscribeRequest.Settle settle(long lease, Outcome outcome) {
    SubscribeRequest.Settle.Builder settle = SubscribeRequest.Settle.newBuilder().setLease(lease);
    switch (outcome) {
      case Outcome.Done done -> settle.setDone(SubscribeRequest.Done.getDefaultInstance());
      case Outcome.RetryAfter retry ->
          settle.setRetryAfter(
              SubscribeRequest.RetryAfter.newBuilder()
                  .setDelay(duration(retry.delay()))
                  .setUncounted(!retry.counts()));
      case Outcome.Reject reject ->
          settle.setReject(
              SubscribeRequest.Reject.newBuilder()
                  .setStatus(reject.status())
                  .setHoldsKey(reject.holdsKey()));
    }
    return settle.build();
  }

  static Outcome outcome(SubscribeRequest.Settle settle) {
    try {
      return switch (settle.getOutcomeCase()) {
        case DONE -> Outcome.DONE;
        case RETRY_AFTER ->
            new Outcome.RetryAfter(
                duration(settle.getRetryAfter().getDelay()),
                !settle.getRetryAfter().getUncounted());
        case REJECT ->
            new Outcome.Reject(settle.getReject().getStatus(), settle.getReject().getHoldsKey());
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
        .setTime(timestamp(letter.time()))
        .build();
  }

  static DeadLetter deadLetter(io.anywire.broker.remote.v1.DeadLetter letter) {
    return new DeadLetter(
        message(letter.getMessage()),
        letter.getStatus(),
        letter.getAttempts(),
        instant(letter.getTime()));
  }

  static io.anywire.broker.remote.v1.Stored stored(Stored stored) {
    var builder =
        io.anywire.broker.remote.v1.Stored.newBuilder()
            .setMessage(message(stored.message()))
            .setAttempts(stored.attempts());
    stored.due().map(Translation::timestamp).ifPresent(builder::setDue);
    stored
        .death()
        .ifPresent(death ->
            builder.getDeathBuilder().setStatus(death.status()).setTime(timestamp(death.time())));
    return builder.build();
  }

  static Stored stored(io.anywire.broker.remote.v1.Stored stored) {
    return new Stored(
        message(stored.getMessage()),
        stored.getAttempts(),
        stored.hasDue() ? Optional.of(instant(stored.getDue())) : Optional.empty(),
        stored.hasDeath()
            ? Optional.of(
                new Stored.Death(
                    stored.getDeath().getStatus(), instant(stored.getDeath().getTime())))
            : Optional.empty());
  }

  static SubscribeRequest.Open open(Topic topic, String name, SubscribeOptions options) {
    SubscribeRequest.Open.Builder open =
        SubscribeRequest.Open.newBuilder()
            .setTopic(topic(topic))
            .setName(name)
            .setMaxInFlight(options.maxInFlight())
            .setOrdered(options.ordered());
    switch (options.start()) {
      case Start.Now now -> {}
      case Start.Beginning beginning ->
          open.setBeginning(SubscribeRequest.Beginning.getDefaultInstance());
      case Start.At at -> open.setAt(timestamp(at.time()));
    }
    return open.build();
  }

  static SubscribeOptions options(SubscribeRequest.Open open) {
    Start start =
        switch (open.getStartCase()) {
          case BEGINNING -> SubscribeOptions.BEGINNING;
          case AT -> new Start.At(instant(open.getAt()));
          case START_NOT_SET -> SubscribeOptions.NOW;
        };
    try {
      return new SubscribeOptions(open.getMaxInFlight(), open.getOrdered(), start);
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  static GetCapabilitiesResponse capabilities(
      Capabilities can, int mostMessageBytes, ClientLimits limits) {
    GetCapabilitiesResponse.Builder response =
        GetCapabilitiesResponse.newBuilder()
            .setMaxMessageBytes(Math.min(can.maxMessageBytes(), mostMessageBytes))
            .setLongestDelay(duration(can.longestDelay()))
            .setMaxUnanswered(limits.unanswered())
            .setMaxUnansweredBytes(limits.unansweredBytes());
    can.all().forEach(capability -> response.addCapabilities(capability.toString()));
    can.longestProcessing().ifPresent(limit -> response.setLongestProcessing(duration(limit)));
    return response.build();
  }

  static Capabilities capabilities(GetCapabilitiesResponse can) {
    return new Capabilities(
        Arrays.stream(Capability.values())
            .filter(c -> can.getCapabilitiesList().contains(c.toString()))
            .collect(toSet()),
        can.getMaxMessageBytes(),
        can.hasLongestProcessing()
            ? Optional.of(duration(can.getLongestProcessing()))
            : Optional.empty(),
        duration(can.getLongestDelay()));
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
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

  static RuntimeException invalid(RuntimeException e) {
    return Status.INVALID_ARGUMENT
        .withDescription(e.getMessage())
        .withCause(e)
        .asRuntimeException();
  }
}
