package io.anywire.examples.shop.request;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.anywire.call.Failures;
import io.grpc.StatusRuntimeException;

/**
 * Statuses with a {@code google.rpc.ErrorInfo}: a reason for programs beside the words for people.
 */
public final class Refusals {
  private static final String DOMAIN = "shop.v1";

  private Refusals() {}

  /** {@code NOT_FOUND}: {@code what} has no such id. */
  public static StatusRuntimeException notFound(String reason, String what, String id) {
    return of(Code.NOT_FOUND, reason, "no " + what + " has the id '" + id + "'");
  }

  /** {@code ALREADY_EXISTS}. */
  public static StatusRuntimeException alreadyExists(String reason, String description) {
    return of(Code.ALREADY_EXISTS, reason, description);
  }

  /** {@code FAILED_PRECONDITION}. */
  public static StatusRuntimeException failedPrecondition(String reason, String description) {
    return of(Code.FAILED_PRECONDITION, reason, description);
  }

  private static StatusRuntimeException of(Code code, String reason, String description) {
    return Failures.exception(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(description)
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN).build()))
            .build());
  }
}
