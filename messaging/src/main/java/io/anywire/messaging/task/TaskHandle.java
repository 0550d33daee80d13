package io.anywire.messaging.task;

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
    return results.find(id).map(TaskRecord::state).orElse(TaskState.PENDING);
  }

  /** How many attempts are known to have ended. */
  public int attempts() {
    return results.find(id).map(TaskRecord::attempts).orElse(0);
  }

  /**
   * The response, or empty while the task has not ended.
   *
   * @throws StatusRuntimeException the task's own status, with its details, when it was given up;
   *     {@code UNAVAILABLE} when the broker cannot be asked
   */
  public Optional<RespT> poll() {
    return results.find(id).filter(record -> record.state().finished()).map(this::response);
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

  private RespT response(TaskRecord record) {
    if (!record.type().equals(Places.type(method.getFullMethodName()))) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              "task %s is of %s (expected: %s)"
                  .formatted(id, record.type(), Places.type(method.getFullMethodName())))
          .asRuntimeException();
    }
    if (record.state() == TaskState.FAILED) {
      throw RpcStatus.exception(record.status());
    }
    return method.getResponseMarshaller().parse(record.response().newInput());
  }
}
