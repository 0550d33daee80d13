package io.anywire.http.connect;

import io.grpc.Status.Code;
import java.util.Locale;
import java.util.Optional;

/** The codes of errors: gRPC's, under names of their own, each with its HTTP status. */
final class ConnectCode {
  private ConnectCode() {}

  /** The name of a code; errors have no {@code ok}. */
  static String name(Code code) {
    return code == Code.CANCELLED ? "canceled" : code.name().toLowerCase(Locale.ROOT);
  }

  /** The code of that name. */
  static Optional<Code> named(String name) {
    for (Code code : Code.values()) {
      if (code != Code.OK && name(code).equals(name)) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }

  /** The HTTP status of an error, as the protocol's table has it. */
  static int httpStatus(Code code) {
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
}
