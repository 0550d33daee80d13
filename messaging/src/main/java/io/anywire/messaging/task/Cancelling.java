package io.anywire.messaging.task;

import com.google.rpc.Status;
import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.messaging.envelope.Note;
import io.anywire.messaging.envelope.RpcStatus;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whether a task is started or cancelled, which is decided once: by whoever is first to keep
 * something under {@code start/ID} among the broker's results. Only tasks whose id says so can be
 * cancelled, so that the others cost nothing.
 */
final class Cancelling {
  /** What is known of a cancelled task. */
  static final Status CANCELLED =
      RpcStatus.of(Code.CANCELLED, "the task was cancelled before it started");

  private static final String PREFIX = "cancellable-";
  private static final String STARTED = "STARTED";
  private static final Duration KEEP = Duration.ofDays(30);

  private Cancelling() {}

  static String newId() {
    return PREFIX + UUID.randomUUID();
  }

  static boolean isCancellable(String id) {
    return id.startsWith(PREFIX);
  }

  /** Whether a worker may start the task. One that was started before may be started again. */
  static CompletionStage<Boolean> mayStart(Results results, Message task, String source) {
    return isCancellable(task.id())
        ? decide(results, task.id(), task.type(), STARTED, source)
        : CompletableFuture.completedFuture(true);
  }

  /** Whether the task is cancelled, now or earlier. */
  static CompletionStage<Boolean> cancel(Results results, String id, String type, String source) {
    return decide(results, id, type, TaskState.CANCELLED.name(), source);
  }

  private static CompletionStage<Boolean> decide(
      Results results, String id, String type, String state, String source) {
    String place = "start/" + id;
    Message note = new Note(id, type, state, 0, Status.getDefaultInstance()).toMessage(source);
    return results
        .putIfAbsent(place, note, KEEP)
        .thenCompose(first ->
            first
                ? CompletableFuture.completedFuture(true)
                : results
                    .get(place)
                    .thenApply(
                        found -> found.map(m -> Note.of(m).state().equals(state)).orElse(false)));
  }
}
