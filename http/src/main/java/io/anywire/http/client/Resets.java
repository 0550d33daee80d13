package io.anywire.http.client;

import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** What HTTP/2's error codes mean for a call (gRPC over HTTP/2, "Errors"). */
final class Resets {
  private Resets() {}

  /** The status of a call whose stream the server reset. */
  static Status status(long code) {
    @Nullable Http2Error error = Http2Error.valueOf(code);
    Status status =
        switch (error) {
          case REFUSED_STREAM -> Status.UNAVAILABLE;
          case CANCEL -> Status.CANCELLED;
          case ENHANCE_YOUR_CALM -> Status.RESOURCE_EXHAUSTED;
          case INADEQUATE_SECURITY -> Status.PERMISSION_DENIED;
          case HTTP_1_1_REQUIRED -> Status.UNKNOWN;
          case null, default -> Status.INTERNAL;
        };
    return status.withDescription("the server reset the stream: " + name(code));
  }

  /** The status of calls that a connection takes along which the server gave up. */
  static Status goAway(String target, long code, String debugData) {
    return Status.UNAVAILABLE.withDescription(
        target
            + " ended the connection: GOAWAY "
            + name(code)
            + (debugData.isEmpty() ? "" : ", " + debugData));
  }

  private static String name(long code) {
    @Nullable Http2Error error = Http2Error.valueOf(code);
    return error == null ? "error code " + code : error.name();
  }
}
