package io.anywire.conformance.broker;

import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.function.Executable;

/** Waits for what a broker has promised to answer. */
public final class Stages {
  /** How long anything may take on a busy machine. */
  static final Duration LONG = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(10);

  private Stages() {}

  /**
   * What it completes with.
   *
   * @throws StatusRuntimeException when it fails so
   * @throws AssertionError when it fails otherwise, or does not end within 30 s
   */
  public static <T> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(LONG.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException status) {
        throw status;
      }
      throw new AssertionError("failed with " + e.getCause() + " (expected: a status)", e);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + LONG, e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** The status that {@code call} throws, or that the stage it returns fails with. */
  public static StatusRuntimeException failure(Call call) {
    try {
      Object result = call.run();
      if (result instanceof CompletionStage<?> stage) {
        result = done(stage);
      }
      throw new AssertionError("returned " + result + " (expected: a failure)");
    } catch (StatusRuntimeException e) {
      return e;
    } catch (Exception e) {
      throw new AssertionError("threw " + e + " (expected: a StatusRuntimeException)", e);
    }
  }

  /** The same for what returns nothing. */
  public static StatusRuntimeException failureOf(Executable call) {
    return failure(() -> {
      try {
        call.execute();
        return "normally";
      } catch (Exception e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    });
  }

  /** Waits for a condition, for as long as anything may take. */
  static ConditionFactory eventually() {
    return await().atMost(LONG).pollDelay(Duration.ZERO).pollInterval(POLL);
  }

  /** Runs it in a thread of its own. */
  static CompletableFuture<Void> meanwhile(Runnable work) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Thread unused =
        Thread.startVirtualThread(() -> {
          try {
            work.run();
            end.complete(null);
          } catch (Throwable e) {
            end.completeExceptionally(e);
          }
        });
    return end;
  }

  /** Waits until it has ended, with a status if it fails; whether it succeeded. */
  static boolean succeeded(CompletionStage<?> stage) {
    try {
      Object unused = done(stage);
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** A call whose result, or whose result's end, is looked at. */
  @FunctionalInterface
  public interface Call {
    /** Calls. */
    Object run() throws Exception;
  }
}
