package io.anywire.examples.shop;

import static java.util.stream.Collectors.toCollection;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/**
 * What a failed call told its caller.
 *
 * @param reason of its {@code ErrorInfo}; empty without one
 * @param fields that its {@code BadRequest} names; none without one
 */
record Errors(Status.Code code, String reason, Set<String> fields) {

  /** An error without details. */
  static Errors of(Status.Code code) {
    return new Errors(code, "", Set.of());
  }

  /** An error with a reason. */
  static Errors of(Status.Code code, String reason) {
    return new Errors(code, reason, Set.of());
  }

  /** What {@code INVALID_ARGUMENT} names. */
  static Errors invalid(String... fields) {
    return new Errors(Status.Code.INVALID_ARGUMENT, "", Set.of(fields));
  }

  /** Runs a call that has to fail. */
  static Errors from(Callable<?> call) {
    Object answer;
    try {
      answer = call.call();
    } catch (Exception e) {
      return of(e);
    }
    throw new AssertionError("no error, but " + answer);
  }

  private static Errors of(Exception e) {
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    if (status == null) {
      throw new AssertionError("not a status", e);
    }
    return new Errors(
        Status.fromCodeValue(status.getCode()).getCode(),
        detail(status, ErrorInfo.class).map(ErrorInfo::getReason).orElse(""),
        detail(status, BadRequest.class)
            .orElse(BadRequest.getDefaultInstance())
            .getFieldViolationsList()
            .stream()
            .map(FieldViolation::getField)
            .collect(toCollection(TreeSet::new)));
  }

  private static <T extends com.google.protobuf.Message> Optional<T> detail(
      com.google.rpc.Status status, Class<T> type) {
    return status.getDetailsList().stream()
        .filter(any -> any.is(type))
        .findFirst()
        .map(any -> unpack(any, type));
  }

  private static <T extends com.google.protobuf.Message> T unpack(Any any, Class<T> type) {
    try {
      return any.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
