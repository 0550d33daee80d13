package io.anywire.messaging.task;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.messaging.envelope.LazyBroker;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.publish.Batch;
import io.anywire.messaging.publish.PublishChannel;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Leaves work with a broker, to be done by whoever serves the method there.
 *
 * <pre>{@code
 * Tasks tasks = Tasks.at(anywire, "memory:shop");
 * var handle = tasks.enqueue(UserServiceGrpc.getCreateUserMethod(), request, TaskOptions.DEFAULT);
 * User user = handle.await(Duration.ofSeconds(10));
 * }</pre>
 *
 * <ul>
 *   <li>Once {@link #enqueue} has returned, the broker keeps the task until a handler has ended: it
 *       runs at least once, also when a worker dies in the middle.
 *   <li>A handler's {@code UNAVAILABLE}, {@code ABORTED}, {@code RESOURCE_EXHAUSTED}, {@code
 *       DEADLINE_EXCEEDED}, {@code INTERNAL} and {@code UNKNOWN}, and whatever carries a {@code
 *       RetryInfo}, is retried with growing pauses, as often as the contract allows; then, and at
 *       once for every other status, the task goes to the dead letters.
 *   <li>A task is not bound to its caller's deadline; it has an expiry of its own.
 *   <li>What the broker cannot do for a task, such as to delay it, is refused {@code UNIMPLEMENTED}
 *       by name, before anything is sent.
 *   <li>When {@link #enqueue} fails {@code UNAVAILABLE} or {@code DEADLINE_EXCEEDED}, whether the
 *       task was taken is unknown.
 * </ul>
 *
 * <p>Thread-safe. {@link #close} ends only the waiting for results; it is idempotent, and closing
 * the {@link Anywire} does it too.
 */
public final class Tasks implements AutoCloseable {
  private final PublishChannel publishing;
  private final Channel channel;
  private final TaskResults results;

  private Tasks(Anywire anywire, WireUrl url) {
    WireUrl broker = Places.broker(url);
    String source = anywire.applicationName().orElse("anywire");
    results = new TaskResults(new LazyBroker(anywire, broker), source);
    TaskPublisher publisher = new TaskPublisher(source, broker.toString(), results);
    publishing = new PublishChannel(url, anywire, publisher);
    channel = ClientInterceptors.interceptForward(publishing, anywire.clientInterceptors());
  }

  /**
   * Tasks at a broker; connecting may happen at the first task. {@code ?codec=json} or {@code xml}
   * writes requests so, for workers that do not speak protobuf.
   *
   * @throws IllegalArgumentException when the URL is malformed
   */
  public static Tasks at(Anywire anywire, String url) {
    return new Tasks(anywire, WireUrl.parse(url));
  }

  /**
   * Leaves a task by the contract's policy; as {@link #enqueue(MethodDescriptor, Object,
   * TaskOptions)}.
   */
  public <ReqT, RespT> TaskHandle<RespT> enqueue(
      MethodDescriptor<ReqT, RespT> method, ReqT request) {
    return enqueue(method, request, TaskOptions.DEFAULT);
  }

  /**
   * Leaves a task, and returns when the broker has it.
   *
   * @throws StatusRuntimeException {@code UNAVAILABLE} when the broker is away, {@code
   *     RESOURCE_EXHAUSTED} when it is full or the request too large, {@code UNIMPLEMENTED} for a
   *     method that streams or is an event, {@code CANCELLED} when the thread is interrupted
   */
  public <ReqT, RespT> TaskHandle<RespT> enqueue(
      MethodDescriptor<ReqT, RespT> method, ReqT request, TaskOptions options) {
    return join(start(method, request, options, Optional.empty()), method);
  }

  /** The same without blocking; the failures are the result's. */
  public <ReqT, RespT> CompletionStage<TaskHandle<RespT>> enqueueAsync(
      MethodDescriptor<ReqT, RespT> method, ReqT request, TaskOptions options) {
    return start(method, request, options, Optional.empty()).handle(this, method);
  }

  /**
   * Leaves several tasks in one round trip, as far as the broker has such a thing, and returns when
   * it has all of them.
   *
   * @return their handles, in the order of the requests
   * @throws StatusRuntimeException when one or more were not taken: the first of their failures,
   *     with how many. The others are left all the same
   */
  public <ReqT, RespT> List<TaskHandle<RespT>> enqueueAll(
      MethodDescriptor<ReqT, RespT> method, List<ReqT> requests, TaskOptions options) {
    List<Enqueueing<RespT>> batch = startAll(method, requests, options);
    List<TaskHandle<RespT>> handles = new ArrayList<>();
    List<StatusRuntimeException> failures = new ArrayList<>();
    for (Enqueueing<RespT> enqueueing : batch) {
      try {
        handles.add(join(enqueueing, method));
      } catch (StatusRuntimeException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      Status first = failures.getFirst().getStatus();
      throw first
          .withDescription(
              "%d of %d tasks were not taken: %s"
                  .formatted(failures.size(), batch.size(), first.getDescription()))
          .asRuntimeException(failures.getFirst().getTrailers());
    }
    return handles;
  }

  /** The same without blocking; each task has a failure of its own. */
  public <ReqT, RespT> List<CompletionStage<TaskHandle<RespT>>> enqueueAllAsync(
      MethodDescriptor<ReqT, RespT> method, List<ReqT> requests, TaskOptions options) {
    return startAll(method, requests, options).stream()
        .map(enqueueing -> enqueueing.handle(this, method))
        .toList();
  }

  /**
   * The handle of a task that was left earlier, by whatever process, at this broker.
   *
   * @param method the one that the task was left with
   */
  public <RespT> TaskHandle<RespT> handle(String id, MethodDescriptor<?, RespT> method) {
    return new TaskHandle<>(id, method, results);
  }

  @Override
  public void close() {
    publishing.shutdown();
    results.close();
  }

  private <RespT> TaskHandle<RespT> join(
      Enqueueing<RespT> enqueueing, MethodDescriptor<?, RespT> method) {
    try {
      return new TaskHandle<>(enqueueing.id.get(), method, results);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StatusRuntimeException status
          ? status
          : Status.fromThrowable(e).asRuntimeException();
    } catch (InterruptedException e) {
      enqueueing.call.cancel("interrupted", e);
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").withCause(e).asRuntimeException();
    }
  }

  private <ReqT, RespT> List<Enqueueing<RespT>> startAll(
      MethodDescriptor<ReqT, RespT> method, List<ReqT> requests, TaskOptions options) {
    Batch batch = new Batch();
    List<Enqueueing<RespT>> started =
        requests.stream()
            .map(request -> start(method, request, options, Optional.of(batch)))
            .toList();
    batch.flush();
    return started;
  }

  private <ReqT, RespT> Enqueueing<RespT> start(
      MethodDescriptor<ReqT, RespT> method,
      ReqT request,
      TaskOptions options,
      Optional<Batch> batch) {
    CallOptions callOptions = options.callOptions().withOption(TaskPublisher.OPTIONS, options);
    ClientCall<ReqT, RespT> call =
        channel.newCall(
            method, batch.map(b -> callOptions.withOption(Batch.KEY, b)).orElse(callOptions));
    Enqueueing<RespT> enqueueing = new Enqueueing<>(call);
    call.start(enqueueing, options.metadata());
    call.sendMessage(request);
    call.halfClose();
    return enqueueing;
  }

  /** Waits for the receipt. */
  private static final class Enqueueing<RespT> extends ClientCall.Listener<RespT> {
    final ClientCall<?, RespT> call;
    final CompletableFuture<String> id = new CompletableFuture<>();

    Enqueueing(ClientCall<?, RespT> call) {
      this.call = call;
    }

    CompletionStage<TaskHandle<RespT>> handle(Tasks tasks, MethodDescriptor<?, RespT> method) {
      return id.thenApply(receipt -> new TaskHandle<>(receipt, method, tasks.results));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      String receipt = trailers.get(PublishChannel.MESSAGE_ID);
      if (status.isOk() && receipt != null) {
        id.complete(receipt);
      } else {
        Status failure =
            status.isOk() ? Status.INTERNAL.withDescription("no receipt came back") : status;
        id.completeExceptionally(failure.asRuntimeException(trailers));
      }
    }
  }
}
