package io.anywire.messaging.task;

import com.google.rpc.Status;
import io.anywire.broker.Results;
import io.anywire.messaging.envelope.RpcStatus;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether a task is started or cancelled, which is decided once: by whoever is first to choose
 * under {@code start/ID} among the broker's results. Only tasks whose id says so can be cancelled,
 * so that the others cost nothing.
 */
final class Cancelling {
  /** What is known of a cancelled task. */
  static final Status CANCELLED =
      RpcStatus.of(Code.CANCELLED, "the task was cancelled before it started");

  private static final String PREFIX = "cancellable-";
  private static final int STARTED = 0;
  private static final int TAKEN_BACK = 1;
  private static final Duration KEEP = Duration.ofDays(30);

  private Cancelling() {}

  static String newId() {
    return PREFIX + UUID.randomUUID();
  }

  static boolean isCancellable(String id) {
    return id.startsWith(PREFIX);
  }

  /** Whether a worker may start the task. One that was started before may be started again. */
  static CompletionStage<Boolean> mayStart(Results results, String id) {
    return isCancellable(id)
        ? results.choose("start/" + id, STARTED, KEEP)
        : CompletableFuture.completedFuture(true);
  }

  /** Whether the task is cancelled, now or earlier. */
  static CompletionStage<Boolean> cancel(Results results, String id) {
    return results.choose("start/" + id, TAKEN_BACK, KEEP);
  }
}
