package io.anywire.handler;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
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
    Status status = Status.OK;
    Metadata trailers = new Metadata();
    try {
      body.run();
    } catch (StatusException e) {
      status = statusOf(call, e, e.getStatus());
      copy(e.getTrailers(), trailers);
    } catch (StatusRuntimeException e) {
      status = statusOf(call, e, e.getStatus());
      copy(e.getTrailers(), trailers);
    } catch (Throwable e) {
      status = unexpected(call, e);
    }
    close(call, status, trailers);
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

  private static Status statusOf(ServerCall<?, ?> call, Exception failure, Status status) {
    return status.isOk() ? unexpected(call, failure) : status;
  }

  /** The caller learns nothing but an id, since messages and stacks may hold what is not his. */
  private static Status unexpected(ServerCall<?, ?> call, Throwable failure) {
    String id = "%016x".formatted(ThreadLocalRandom.current().nextLong());
    log.atError()
        .setCause(failure)
        .addKeyValue("method", call.getMethodDescriptor().getFullMethodName())
        .addKeyValue("id", id)
        .log("Handler failed, id {}", id);
    return Status.INTERNAL.withDescription("Internal error, id " + id);
  }

  /**
   * Exceptions may be shared by calls, and a transport writes into the trailers that it is given.
   */
  private static void copy(@Nullable Metadata from, Metadata to) {
    if (from != null) {
      to.merge(from);
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
