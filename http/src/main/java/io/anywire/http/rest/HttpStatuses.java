package io.anywire.http.rest;

import io.anywire.http.grpc.HttpStatusMapping;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.netty.handler.codec.http.HttpResponseStatus;

/** What codes of calls and HTTP statuses say of one another. */
final class HttpStatuses {
  private HttpStatuses() {}

  /** The HTTP status of a code, as the comments of {@code google.rpc.Code} have it. */
  static int of(Code code) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> 499;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
    };
  }

  /** The HTTP status of a call's end: its code's, or what HTTP has a status of its own for. */
  static int of(Status status, com.google.rpc.Status problem) {
    if (status.getCause() instanceof BodyTooLargeException) {
      return 413;
    }
    return PreconditionFailed.isMeantBy(problem)
        ? PreconditionFailed.HTTP_STATUS
        : of(status.getCode());
  }

  /**
   * The code of a response that no Anywire wrote, as gRPC's http-grpc-status-mapping has it: it
   * speaks of what stands between, so a 404 is a missing method and not a missing resource.
   */
  static Code ofForeign(int status) {
    return HttpStatusMapping.codeOf(status);
  }

  /** What HTTP calls a status. */
  static String title(int status) {
    return status == 499
        ? "Client Closed Request"
        : HttpResponseStatus.valueOf(status).reasonPhrase();
  }
}
