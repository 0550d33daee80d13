package io.anywire.messaging.envelope;

import com.google.rpc.Status;
import io.anywire.call.Failures;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;

/** Between gRPC's pair of status and trailers and {@code google.rpc.Status}, which holds both. */
public final class RpcStatus {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private RpcStatus() {}

  /** Code, message and details. Details that speak of another code are left out. */
  public static Status of(io.grpc.Status status, Metadata trailers) {
    try {
      return Failures.rpcStatusOf(status, trailers);
    } catch (IllegalArgumentException e) {
      return Failures.rpcStatusOf(status, null);
    }
  }

  /** What a failed publication or delivery means; never OK. */
  public static Status of(Throwable failure) {
    Metadata trailers = io.grpc.Status.trailersFromThrowable(failure);
    return of(io.grpc.Status.fromThrowable(failure), trailers == null ? new Metadata() : trailers);
  }

  /** A status without details. */
  public static Status of(io.grpc.Status.Code code, String message) {
    return Status.newBuilder().setCode(code.value()).setMessage(message).build();
  }

  /** The trailers without the details, which travel in the status. */
  public static Metadata withoutDetails(Metadata trailers) {
    Metadata rest = new Metadata();
    rest.merge(trailers);
    rest.discardAll(DETAILS);
    return rest;
  }

  /** Adds the details of {@code status} to {@code trailers}, and gives gRPC's status. */
  public static io.grpc.Status intoTrailers(Status status, Metadata trailers) {
    if (status.getDetailsCount() > 0) {
      trailers.put(DETAILS, status.toByteArray());
    }
    io.grpc.Status result = io.grpc.Status.fromCodeValue(status.getCode());
    return status.getMessage().isEmpty() ? result : result.withDescription(status.getMessage());
  }

  /** The same as an exception. */
  public static StatusRuntimeException exception(Status status) {
    Metadata trailers = new Metadata();
    return intoTrailers(status, trailers).asRuntimeException(trailers);
  }

  /** Whether {@code status} has this code. */
  public static boolean is(Status status, io.grpc.Status.Code code) {
    return status.getCode() == code.value();
  }
}
