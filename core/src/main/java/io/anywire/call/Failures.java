package io.anywire.call;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import io.anywire.json.JsonException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where exceptions become statuses. A status that was thrown passes with its details;
 * anything else is {@code INTERNAL} with an id that the log carries too, and never its message or
 * stack. Thread-safe.
 */
public final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  /** A status and the trailers that carry its details. */
  public record Failure(Status status, Metadata trailers) {}

  private Failures() {}

  /**
   * What the caller of {@code method} is told about {@code thrown}. A status that is merely the
   * cause of another exception is not told: it may speak of somebody else's call.
   */
  public static Failure of(Throwable thrown, String method) {
    Throwable told = unwrapped(thrown);
    Failure failure =
        switch (told) {
          case StatusRuntimeException e -> new Failure(e.getStatus(), copy(e.getTrailers()));
          case StatusException e -> new Failure(e.getStatus(), copy(e.getTrailers()));
          default -> unexpected(told, method);
        };
    return failure.status().isOk() ? unexpected(told, method) : failure;
  }

  /** The {@code google.rpc.Status} of what was thrown, details included. */
  public static com.google.rpc.Status rpcStatusOf(Throwable thrown, String method) {
    Failure failure = of(thrown, method);
    return rpcStatusOf(failure.status(), failure.trailers());
  }

  /**
   * The {@code google.rpc.Status} that a status and its trailers amount to; trailers that
   * contradict the status do not count.
   */
  public static com.google.rpc.Status rpcStatusOf(Status status, @Nullable Metadata trailers) {
    try {
      return StatusProto.fromStatusAndTrailers(status, trailers);
    } catch (IllegalArgumentException e) {
      return StatusProto.fromStatusAndTrailers(status, null);
    }
  }

  /** The same as an exception, for callers. */
  public static StatusRuntimeException exception(com.google.rpc.Status status) {
    return StatusProto.toStatusRuntimeException(status);
  }

  /**
   * {@code INVALID_ARGUMENT} for what could not be decoded, unless that is a status already. What
   * grpc-java's marshaller says of malformed protobuf, {@code INTERNAL}, does not count as one.
   */
  public static StatusRuntimeException undecodable(RuntimeException e) {
    if (e.getCause() instanceof InvalidProtocolBufferException malformed) {
      return Status.INVALID_ARGUMENT
          .withDescription("the message cannot be decoded: " + malformed.getMessage())
          .withCause(malformed)
          .asRuntimeException();
    }
    if (e instanceof StatusRuntimeException status) {
      return status;
    }
    if (e instanceof JsonException json) {
      return invalidField(json.path(), json.description());
    }
    return Status.INVALID_ARGUMENT
        .withDescription("the message cannot be decoded: " + e.getMessage())
        .withCause(e)
        .asRuntimeException();
  }

  /**
   * {@code INVALID_ARGUMENT} with a {@code google.rpc.BadRequest} that names one field.
   *
   * @param field the path of the field, for example {@code user.email}
   */
  public static StatusRuntimeException invalidField(String field, String description) {
    BadRequest details =
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder().setField(field).setDescription(description))
            .build();
    return exception(
        com.google.rpc.Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT_VALUE)
            .setMessage(field.isEmpty() ? description : field + ": " + description)
            .addDetails(Any.pack(details))
            .build());
  }

  private static Throwable unwrapped(Throwable thrown) {
    boolean wraps = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    Throwable cause = thrown.getCause();
    return wraps && cause != null ? unwrapped(cause) : thrown;
  }

  private static Failure unexpected(Throwable thrown, String method) {
    String id = UUID.randomUUID().toString();
    log.atError()
        .addKeyValue("method", method)
        .addKeyValue("errorId", id)
        .setCause(thrown)
        .log("A handler failed unexpectedly, id {}", id);
    return new Failure(Status.INTERNAL.withDescription("internal error " + id), new Metadata());
  }

  /** A copy, since an exception may be shared by calls, and interceptors may add to trailers. */
  private static Metadata copy(@Nullable Metadata trailers) {
    Metadata copy = new Metadata();
    if (trailers != null) {
      copy.merge(trailers);
    }
    return copy;
  }
}
