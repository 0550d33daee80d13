package io.anywire.http.rest;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a failed exchange means. */
final class Connections {
  private Connections() {}

  /** The status of a call whose exchange failed: {@code UNAVAILABLE}, unless it says otherwise. */
  static Status status(String server, Throwable failure) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof StatusRuntimeException known) {
      return known.getStatus();
    }
    String what = isUnreachable(cause) ? "cannot be reached" : "broke off";
    return Status.UNAVAILABLE
        .withDescription(server + " " + what + ": " + reason(cause))
        .withCause(cause);
  }

  /** Whether nobody listens there: nothing has been sent then. */
  static boolean isUnreachable(Throwable failure) {
    return unwrapped(failure) instanceof ConnectException;
  }

  /** Whether a connection that was there has ended. */
  static boolean isBrokenOff(Throwable failure) {
    Throwable cause = unwrapped(failure);
    return cause instanceof IOException && !(cause instanceof ConnectException);
  }

  /** The reason in a few words. */
  static String reason(Throwable failure) {
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UnresolvedAddressException) {
        return "unknown host";
      }
      if (t.getMessage() != null && !(t instanceof CompletionException)) {
        return t.getMessage();
      }
    }
    return isUnreachable(failure)
        ? "connection refused"
        : unwrapped(failure).getClass().getSimpleName();
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? unwrapped(cause) : failure;
  }
}
