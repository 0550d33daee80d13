package io.anywire.http.client;

import io.grpc.Status;
import io.netty.channel.ConnectTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a caller is told when a server cannot be reached or is lost. */
final class ConnectFailure {
  /** What the kernel says, which Netty wraps in names of system calls. */
  private static final List<String> KNOWN =
      List.of(
          "Connection refused",
          "No route to host",
          "Network is unreachable",
          "Host is unreachable",
          "Connection reset",
          "Connection timed out",
          "Broken pipe");

  private ConnectFailure() {}

  /** {@code UNAVAILABLE}: nobody could be reached at {@code target}. */
  static Status unreachable(String target, @Nullable Throwable cause) {
    return Status.UNAVAILABLE
        .withDescription("cannot connect to " + target + ": " + reason(cause))
        .withCause(cause);
  }

  /** {@code UNAVAILABLE}: the connection to {@code target} ended while it was used. */
  static Status lost(String target, @Nullable Throwable cause) {
    return Status.UNAVAILABLE
        .withDescription("the connection to " + target + " was lost: " + reason(cause))
        .withCause(cause);
  }

  /** The reason in a few words. */
  static String reason(@Nullable Throwable cause) {
    return switch (cause) {
      case null -> "the server closed it";
      case UnknownHostException e -> "unknown host";
      case ConnectTimeoutException e -> "no answer in time";
      default -> known(cause);
    };
  }

  private static String known(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return KNOWN.stream().filter(message::contains).findFirst().orElse(message);
  }
}
