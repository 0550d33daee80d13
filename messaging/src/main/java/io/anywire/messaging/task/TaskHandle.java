package io.anywire.messaging.task;

import io.anywire.messaging.envelope.Note;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.envelope.RpcStatus;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;

/**
 * A task that was left. Its {@link #id} can be stored, and {@link Tasks#handle} makes a handle of
 * it again in any process that reaches the same broker, for as long as the result is kept: 24 hours
 * after the end unless the contract says otherwise.
 *
 * <p>The response is the one of the attempt that succeeded; since delivery is at least once, the
 * handler may have run more than once. Thread-safe; every method blocks for the broker.
 */
public final class TaskHandle<RespT> {
  private final String id;
  private final MethodDescriptor<?, RespT> method;
  private final TaskResults results;

  TaskHandle(String id, MethodDescriptor<?, RespT> method, TaskResults results) {
    this.id = id;
    this.method = method;
    this.results = results;
  }

  /** The id, at most 100 characters. */
  public String id() {
    return id;
  }

  /**
   * What is known of it now.
   *
   * @throws StatusRuntimeException {@code UNAVAILABLE} when the broker cannot be asked
   */
  public TaskState state() {
    return results.find(id).map(TaskState::of).orElse(TaskState.PENDING);
  }

  /** How many attempts are known to have ended. */
  public int attempts() {
    return results.find(id).map(Note::attempts).orElse(0);
  }

  /**
   * The response, or empty while the task has not ended.
   *
   * @throws StatusRuntimeException the task's own status, with its details, when it was given up;
   *     {@code CANCELLED} when it was cancelled; {@code UNAVAILABLE} when the broker cannot be
   *     asked
   */
  public Optional<RespT> poll() {
    return results.find(id).filter(note -> TaskState.of(note).finished()).map(this::response);
  }

  /**
   * Takes the task back, if it was left as {@link TaskOptions.Builder#cancellable} and has not
   * started. It stays with the broker until it is due, and is then acknowledged without being
   * handled; that holds for 30 days.
   *
   * @return whether it is cancelled: then no handler sees it, and {@link #await} ends {@code
   *     CANCELLED}. False when it has started, or was done
   * @throws StatusRuntimeException {@code FAILED_PRECONDITION} when it was not left as cancellable,
   *     {@code UNAVAILABLE} when the broker cannot be asked
   */
  public boolean cancel() {
    if (!Cancelling.isCancellable(id)) {
      throw Status.FAILED_PRECONDITION
          .withDescription("task " + id + " was not left as cancellable")
          .asRuntimeException();
    }
    return results.cancel(id, Places.type(method.getFullMethodName()));
  }

  /**
   * Waits for the response. A broker that is away meanwhile is waited for as well.
   *
   * @throws StatusRuntimeException the task's own status, with its details, when it was given up;
   *     {@code DEADLINE_EXCEEDED} when it has not ended in time, which changes nothing for the
   *     task; {@code CANCELLED} when the thread is interrupted
   */
  public RespT await(Duration limit) {
    return results
        .await(id, limit)
        .map(this::response)
        .orElseThrow(() ->
            Status.DEADLINE_EXCEEDED
                .withDescription("task " + id + " has not ended within " + limit)
                .asRuntimeException());
  }

  @Override
  public String toString() {
    return method.getFullMethodName() + " " + id;
  }

  private RespT response(Note note) {
    if (!note.type().equals(Places.type(method.getFullMethodName()))) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              "task %s is of %s (expected: %s)"
                  .formatted(id, note.type(), Places.type(method.getFullMethodName())))
          .asRuntimeException();
    }
    if (TaskState.of(note) != TaskState.SUCCEEDED) {
      throw RpcStatus.exception(note.status());
    }
    return method.getResponseMarshaller().parse(note.response().newInput());
  }
}
