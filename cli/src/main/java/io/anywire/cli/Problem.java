package io.anywire.cli;

import io.anywire.contract.ContractException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a failed command says, in one line, and the exit code that belongs to it. */
public record Problem(int exitCode, String line) {

  static Problem of(Throwable thrown) {
    return switch (thrown) {
      case CliException e -> new Problem(e.exitCode(), oneLine(e.getMessage()));
      case ContractException e ->
          new Problem(ExitCode.USAGE, "the contract makes no sense: " + oneLine(e.getMessage()));
      case IllegalArgumentException e -> new Problem(ExitCode.USAGE, oneLine(e.getMessage()));
      case UncheckedIOException e -> new Problem(ExitCode.CANNOT_CONNECT, ofInput(e));
      case StatusRuntimeException e -> ofStatus(e.getStatus());
      case StatusException e -> ofStatus(e.getStatus());
      default ->
          new Problem(
              ExitCode.UNEXPECTED,
              "unexpected "
                  + thrown.getClass().getSimpleName()
                  + ": "
                  + oneLine(thrown.getMessage())
                  + " (--stacktrace shows where)");
    };
  }

  /** Whether nothing answered at the other end: the call ended in an I/O failure. */
  public static boolean isUnreachable(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
        && causes(status.getCause()).anyMatch(IOException.class::isInstance);
  }

  /** Why a peer could not be reached, in a few words. */
  public static String reason(Status status) {
    return causes(status.getCause())
        .filter(cause -> cause instanceof IOException && cause.getMessage() != null)
        .reduce((first, second) -> second)
        .map(cause -> oneLine(cause.getMessage()))
        .orElseGet(() -> oneLine(status.getDescription()));
  }

  private static Problem ofStatus(Status status) {
    boolean away = status.getCode() == Status.Code.UNAVAILABLE;
    return new Problem(
        away ? ExitCode.CANNOT_CONNECT : ExitCode.FAILED,
        status.getCode() + ": " + (away ? reason(status) : oneLine(status.getDescription())));
  }

  private static String ofInput(UncheckedIOException e) {
    boolean bind = causes(e).anyMatch(BindException.class::isInstance);
    String message = oneLine(e.getMessage());
    return bind && !message.contains("in use") ? message + " (address in use)" : message;
  }

  private static Stream<Throwable> causes(@Nullable Throwable first) {
    return Stream.iterate(first, Problem::isThere, Throwable::getCause);
  }

  private static boolean isThere(@Nullable Throwable thrown) {
    return thrown != null;
  }

  private static String oneLine(@Nullable String text) {
    return text == null ? "no reason given" : text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
