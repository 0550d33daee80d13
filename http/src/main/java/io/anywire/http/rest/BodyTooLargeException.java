package io.anywire.http.rest;

import io.grpc.Status;

/** Why a call ended: its request's body is larger than it may be. HTTP has a status for it, 413. */
final class BodyTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private BodyTooLargeException(String message) {
    super(message, null, false, false);
  }

  /** The same as what gRPC says of a message that is too large. */
  static Status status(int limit) {
    String text = "request body too large (expected: <= " + limit + " bytes)";
    return Status.RESOURCE_EXHAUSTED
        .withDescription(text)
        .withCause(new BodyTooLargeException(text));
  }
}
