package io.anywire.cli.demo;

import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Errors that are provoked in order to be compared. */
final class Errors {
  private Errors() {}

  /**
   * Provokes the same error on several ways, and requires that code, message and details are equal.
   *
   * @return that error
   */
  static Status equalOn(List<Way> ways, Function<Way, ?> call) {
    List<Status> errors = new ArrayList<>();
    for (Way way : ways) {
      Status error = of(way, call);
      errors.add(error);
      Checks.requireEqual(error, errors.getFirst(), way.wire());
    }
    return errors.getFirst();
  }

  /** The error that a call ends with. */
  static Status of(Way way, Function<Way, ?> call) {
    try {
      Object response = call.apply(way);
      throw new IllegalStateException(way.wire() + ": " + response + " (expected: an error)");
    } catch (StatusRuntimeException e) {
      return StatusProto.fromThrowable(e);
    }
  }
}
