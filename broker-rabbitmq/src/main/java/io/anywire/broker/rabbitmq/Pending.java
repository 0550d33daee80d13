package io.anywire.broker.rabbitmq;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A publish on its way. */
final class Pending {
  private final Outgoing outgoing;
  private final Runnable leave;
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  /**
   * @param leave gives up its place in the bounded buffer
   */
  Pending(Outgoing outgoing, Runnable leave) {
    this.outgoing = outgoing;
    this.leave = leave;
  }

  Outgoing outgoing() {
    return outgoing;
  }

  CompletableFuture<Void> result() {
    return result;
  }

  /** Waits for the broker's answer, and tells whether it was a refusal. */
  boolean isRefusedWithin(long nanos) throws InterruptedException {
    try {
      result.get(nanos, TimeUnit.NANOSECONDS);
      return false;
    } catch (ExecutionException e) {
      return Status.fromThrowable(e).getCode() == Status.Code.RESOURCE_EXHAUSTED;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Lets another one end as this one ends. */
  void tell(Pending other) {
    var unused =
        result.whenComplete((ok, failure) -> {
          if (failure == null) {
            other.succeed();
          } else {
            other.fail(Errors.of(failure));
          }
        });
  }

  /** The broker has it; called once, as one of the two. */
  void succeed() {
    leave.run();
    result.complete(null);
  }

  /** The broker has not got it, or nobody knows. */
  void fail(StatusRuntimeException why) {
    leave.run();
    result.completeExceptionally(why);
  }
}
