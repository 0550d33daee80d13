package io.anywire.call;

import static io.grpc.stub.ClientCalls.blockingUnaryCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules that both bases settle, over the smallest wire there is. */
class CallsTest {
  private static final Metadata.Key<String> WHO =
      Metadata.Key.of("who", Metadata.ASCII_STRING_MARSHALLER);

  private Loopback channel;

  @AfterEach
  void nothing_is_left() throws Exception {
    assertThat(channel.inbound().awaitIdle(Duration.ofSeconds(5))).isTrue();
    channel.shutdown();
    assertThat(channel.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_unary_call_runs_on_a_virtual_thread_of_its_own() {
    AtomicReference<Thread> handler = new AtomicReference<>();
    serve(request -> {
      handler.set(Thread.currentThread());
      return request;
    });

    assertThat(call("x", CallOptions.DEFAULT)).isEqualTo("x");
    assertThat(handler.get().isVirtual()).isTrue();
  }

  @Test
  void callbacks_run_on_the_callers_executor() throws Exception {
    serve(UnaryOperator.identity());
    try (ExecutorService executor =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"))) {
      AtomicReference<String> thread = new AtomicReference<>();
      CountDownLatch closed = new CountDownLatch(1);
      ClientCall<String, String> call =
          channel.newCall(Loopback.UNARY, CallOptions.DEFAULT.withExecutor(executor));
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              thread.set(Thread.currentThread().getName());
              closed.countDown();
            }
          },
          new Metadata());
      call.request(2);
      call.sendMessage("x");
      call.halfClose();
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(thread.get()).isEqualTo("mine");
    }
  }

  @Test
  void the_smaller_of_two_deadlines_counts() {
    serve(request -> untilCancelled());
    Context.CancellableContext context =
        Context.current().withDeadlineAfter(100, TimeUnit.MILLISECONDS, Threads.timerThread());
    try {
      context.run(() ->
          assertCode(
              Status.Code.DEADLINE_EXCEEDED,
              CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MINUTES)));
    } finally {
      context.cancel(null);
    }
    assertCode(
        Status.Code.DEADLINE_EXCEEDED,
        CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS));
  }

  @Test
  void a_handler_that_answers_when_its_deadline_wakes_it_is_too_late() {
    serve(request -> untilCancelled());
    for (int i = 0; i < 50; i++) {
      assertCode(
          Status.Code.DEADLINE_EXCEEDED,
          CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.MILLISECONDS));
    }
  }

  @Test
  void a_deadline_that_has_passed_starts_nothing() {
    List<String> started = Collections.synchronizedList(new ArrayList<>());
    serve(request -> {
      started.add(request);
      return request;
    });
    assertCode(
        Status.Code.DEADLINE_EXCEEDED,
        CallOptions.DEFAULT.withDeadlineAfter(-1, TimeUnit.MILLISECONDS));
    assertThat(started).isEmpty();
  }

  @Test
  void a_cancelled_context_cancels_caller_and_handler() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    serve(request -> {
      running.countDown();
      untilCancelled();
      told.countDown();
      return request;
    });
    Context.CancellableContext context = Context.current().withCancellation();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                context.wrap(
                    () -> failure.set(catchThrowable(() -> call("x", CallOptions.DEFAULT)))));
    assertThat(running.await(5, TimeUnit.SECONDS)).isTrue();
    context.cancel(new IllegalStateException("enough"));
    caller.join();
    assertThat(Status.fromThrowable(failure.get()).getCode()).isEqualTo(Status.Code.CANCELLED);
    assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void credentials_are_applied_before_anything_is_sent() {
    AtomicReference<String> who = new AtomicReference<>();
    channel =
        new Loopback((call, headers) -> {
          who.set(headers.get(WHO));
          return ServerCalls.<String, String>asyncUnaryCall(
                  (request, out) -> {
                    out.onNext(request);
                    out.onCompleted();
                  })
              .startCall(call, headers);
        });
    assertThat(call("x", CallOptions.DEFAULT.withCallCredentials(new Slow("me")))).isEqualTo("x");
    assertThat(who.get()).isEqualTo("me");
  }

  @Test
  void refused_credentials_end_the_call() {
    serve(UnaryOperator.identity());
    assertCode(Status.Code.UNAUTHENTICATED, CallOptions.DEFAULT.withCallCredentials(new Slow("")));
  }

  @Test
  void messages_wait_for_demand_and_the_status_for_the_last_of_them() {
    channel =
        new Loopback(
            ServerCalls.asyncBidiStreamingCall(out -> {
              out.onNext("1");
              out.onNext("2");
              out.onCompleted();
              return new Ignoring();
            }));
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    ClientCall<String, String> call = channel.newCall(Loopback.BIDI, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(String message) {
            seen.add(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            seen.add(status.getCode().name());
          }
        },
        new Metadata());
    call.request(1);
    await().until(() -> seen.equals(List.of("1")));
    await().during(Duration.ofMillis(100)).until(() -> seen.size() == 1);
    call.request(1);
    await().until(() -> seen.equals(List.of("1", "2", "OK")));
  }

  @Test
  void a_response_larger_than_allowed_fails_the_call_though_its_status_is_there() {
    serve(UnaryOperator.identity());
    for (int i = 0; i < 100; i++) {
      assertCode(Status.Code.RESOURCE_EXHAUSTED, CallOptions.DEFAULT.withMaxInboundMessageSize(0));
    }
  }

  @Test
  void a_request_larger_than_allowed_is_never_sent() {
    serve(UnaryOperator.identity());
    assertCode(Status.Code.RESOURCE_EXHAUSTED, CallOptions.DEFAULT.withMaxOutboundMessageSize(0));
  }

  @Test
  void an_unexpected_exception_tells_the_caller_nothing() {
    serve(request -> {
      throw new IllegalStateException("the password is hunter2");
    });
    assertThatThrownBy(() -> call("x", CallOptions.DEFAULT))
        .hasMessageStartingWith("INTERNAL: internal error ")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void a_status_of_somebody_elses_call_is_not_passed_on() {
    StatusRuntimeException elsewhere =
        Status.NOT_FOUND.withDescription("of another service").asRuntimeException();
    serve(request -> {
      throw new IllegalStateException("wrapped", elsewhere);
    });
    assertCode(Status.Code.INTERNAL, CallOptions.DEFAULT);
  }

  @Test
  void a_channel_that_was_shut_down_refuses_calls() {
    serve(UnaryOperator.identity());
    channel.shutdown();
    assertCode(Status.Code.UNAVAILABLE, CallOptions.DEFAULT);
  }

  private void serve(UnaryOperator<String> handler) {
    channel =
        new Loopback(
            ServerCalls.asyncUnaryCall((request, out) -> {
              out.onNext(handler.apply(request));
              out.onCompleted();
            }));
  }

  private String call(String request, CallOptions options) {
    return blockingUnaryCall(channel, Loopback.UNARY, options, request);
  }

  private void assertCode(Status.Code code, CallOptions options) {
    Throwable failure = catchThrowable(() -> call("x", options));
    assertThat(Status.fromThrowable(failure).getCode()).as("%s", failure).isEqualTo(code);
    Throwable asynchronously =
        catchThrowable(() ->
            ClientCalls.futureUnaryCall(channel.newCall(Loopback.UNARY, options), "x")
                .get(10, TimeUnit.SECONDS));
    assertThat(Status.fromThrowable(asynchronously).getCode()).isEqualTo(code);
  }

  private static String untilCancelled() {
    CountDownLatch cancelled = new CountDownLatch(1);
    Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
    try {
      return String.valueOf(cancelled.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Ignoring implements io.grpc.stub.StreamObserver<String> {
    @Override
    public void onNext(String value) {}

    @Override
    public void onError(Throwable t) {}

    @Override
    public void onCompleted() {}
  }

  /** Credentials that take their time; empty ones are refused. */
  private static final class Slow extends CallCredentials {
    private final String who;

    Slow(String who) {
      this.who = who;
    }

    @Override
    public void applyRequestMetadata(
        RequestInfo request, Executor executor, MetadataApplier applier) {
      Threads.timerThread()
          .schedule(
              () -> {
                if (who.isEmpty()) {
                  applier.fail(Status.UNAUTHENTICATED);
                } else {
                  Metadata metadata = new Metadata();
                  metadata.put(WHO, who);
                  applier.apply(metadata);
                }
              },
              50,
              TimeUnit.MILLISECONDS);
    }
  }
}
