package io.anywire.handler;

import io.anywire.call.Failures;
import io.anywire.call.Failures.Failure;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a call ends: with OK when its body returns, with a status made of what its body throws. */
final class Ending {
  private static final Logger log = LoggerFactory.getLogger(Ending.class);

  /** What a handler does for one call. */
  @FunctionalInterface
  interface Body {
    void run() throws StatusException;
  }

  private Ending() {}

  /** Runs the body and closes the call, whatever the body throws. */
  static void of(ServerCall<?, ?> call, Body body) {
    Failure outcome = new Failure(Status.OK, new Metadata());
    try {
      body.run();
    } catch (Throwable e) {
      outcome = Failures.of(e, call.getMethodDescriptor().getFullMethodName());
    }
    close(call, outcome.status(), outcome.trailers());
  }

  /** Sends the only response of a call. */
  static <RespT> void respond(ServerCall<?, RespT> call, @Nullable RespT response) {
    Objects.requireNonNull(response, "the handler returned null (expected: a message)");
    Context context = Context.current();
    if (context.isCancelled()) {
      throw Contexts.statusFromCancelled(context).asRuntimeException();
    }
    if (!call.isCancelled()) {
      call.sendHeaders(new Metadata());
      call.sendMessage(response);
    }
  }

  private static void close(ServerCall<?, ?> call, Status status, Metadata trailers) {
    try {
      if (!call.isCancelled()) {
        call.close(status, trailers);
      }
    } catch (IllegalStateException e) {
      // Closed before the body ended: by its deadline, by an interceptor.
      log.atDebug()
          .setCause(e)
          .addKeyValue("method", call.getMethodDescriptor().getFullMethodName())
          .addKeyValue("status", status.getCode())
          .log("Call was closed already");
    }
  }
}
