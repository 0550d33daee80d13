package io.anywire.examples.shop.orders;

import io.anywire.examples.shop.request.Refusals;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.anywire.examples.shop.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;

/** The users of another process, over whichever wire its channel is. Thread-safe. */
final class Users {
  private static final int PATIENCE_SECONDS = 5;

  private final UserServiceBlockingStub users;

  Users(Channel channel) {
    users = UserServiceGrpc.newBlockingStub(channel);
  }

  /**
   * Checks that a user exists. Takes no longer than the caller's own deadline.
   *
   * @throws StatusRuntimeException {@code NOT_FOUND} when there is none; {@code UNAVAILABLE} and
   *     {@code DEADLINE_EXCEEDED} when the user service does not answer
   */
  void requireUser(String id) {
    try {
      var unused =
          users
              .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
              .getUser(GetUserRequest.newBuilder().setId(id).build());
    } catch (StatusRuntimeException e) {
      throw translated(e, id);
    }
  }

  /** What the user service's failure means to whoever places an order. */
  private static RuntimeException translated(StatusRuntimeException e, String id) {
    Status status = e.getStatus();
    return switch (status.getCode()) {
      case NOT_FOUND -> Refusals.notFound("USER_NOT_FOUND", "user", id);
      case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED ->
          Status.fromCode(status.getCode())
              .withDescription("the user service: " + status.getDescription())
              .withCause(e)
              .asRuntimeException();
      default -> new IllegalStateException("the user service: " + status, e);
    };
  }
}
