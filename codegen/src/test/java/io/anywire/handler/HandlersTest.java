package io.anywire.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import io.anywire.codegen.streams.Number;
import io.anywire.codegen.streams.NumbersGrpc;
import io.anywire.codegen.streams.NumbersGrpc.NumbersBlockingV2Stub;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What handlers see of their calls, on a server of grpc-java's that has no thread to spare. */
@Timeout(30)
abstract class HandlersTest {
  private static final Context.Key<String> USER = Context.key("user");
  private static final Metadata.Key<String> HINT =
      Metadata.Key.of("hint", Metadata.ASCII_STRING_MARSHALLER);

  private final BlockingQueue<Thread> bodies = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> wokenBy = new LinkedBlockingQueue<>();
  private Server server;
  private ManagedChannel channel;

  abstract ServerBuilder<?> serverBuilder();

  abstract ManagedChannel connect(Server server);

  @AfterEach
  void every_body_has_ended() throws Exception {
    if (channel != null) {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
    for (Thread body : bodies) {
      assertThat(body.join(Duration.ofSeconds(10))).as("%s has ended", body).isTrue();
    }
  }

  @Test
  void streams_run_on_a_virtual_thread_named_after_the_method_in_the_calls_context()
      throws Exception {
    BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    serve(
        NumbersGrpc.getCountToMethod(),
        Handlers.serverStreaming((request, out) -> {
          noteBody();
          seen.add(Thread.currentThread().getName() + " for " + USER.get());
          out.send(request);
        }));

    assertThat(stub().countTo(number(1)).read()).isEqualTo(number(1));
    assertThat(bodies.element().isVirtual()).isTrue();
    assertThat(seen).containsExactly("streams.v1.Numbers/CountTo for ann");
  }

  @Test
  void a_slow_peer_blocks_the_sender() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    serve(
        NumbersGrpc.getCountToMethod(),
        Handlers.serverStreaming((request, out) -> {
          noteBody();
          for (long i = 1; i <= request.getValue(); i++) {
            out.send(heavy(i));
            sent.incrementAndGet();
          }
        }));

    BlockingClientCall<?, Number> call = stub().countTo(number(500));
    assertThat(call.read().getValue()).isEqualTo(1);
    await().until(() -> isWaiting(bodies.peek()));
    int ahead = sent.get();
    assertThat(ahead).isLessThan(100);

    for (long i = 2; i <= 500; i++) {
      assertThat(call.read().getValue()).isEqualTo(i);
    }
    assertThat(call.read()).isNull();
    assertThat(sent).hasValue(500);
  }

  @Test
  void a_slow_handler_blocks_its_caller() throws Exception {
    BlockingQueue<String> permits = new LinkedBlockingQueue<>();
    serve(
        NumbersGrpc.getSumMethod(),
        Handlers.clientStreaming(in -> {
          noteBody();
          take(permits);
          long sum = 0;
          for (Number each : in) {
            sum += each.getValue();
          }
          return number(sum);
        }));

    BlockingClientCall<Number, Number> call = stub().sum();
    int written = writeUntilBlocked(call, 500);
    assertThat(written).isLessThan(100);

    permits.add("go on");
    for (; written < 500; written++) {
      call.write(heavy(1));
    }
    call.halfClose();
    assertThat(call.read()).isEqualTo(number(500));
  }

  @Test
  void cancelling_wakes_a_blocked_iterator() throws Exception {
    serve(
        NumbersGrpc.getSumMethod(),
        Handlers.clientStreaming(in -> noteWakeUp(() -> in.forEachRemaining(each -> {}))));

    BlockingClientCall<Number, Number> call = stub().sum();
    call.write(number(1));
    await().until(() -> isWaiting(bodies.peek()));
    call.cancel("enough", null);

    assertThat(codeOf(wokenBy.take())).isEqualTo(Status.Code.CANCELLED);
  }

  @Test
  void cancelling_wakes_a_blocked_sender() throws Exception {
    serve(
        NumbersGrpc.getCountToMethod(),
        Handlers.serverStreaming((request, out) -> noteWakeUp(() -> sendForEver(out))));

    BlockingClientCall<?, Number> call = stub().countTo(number(1));
    call.read();
    await().until(() -> isWaiting(bodies.peek()));
    call.cancel("enough", null);

    assertThat(codeOf(wokenBy.take())).isEqualTo(Status.Code.CANCELLED);
  }

  @Test
  void a_deadline_wakes_a_blocked_handler() throws Exception {
    serve(
        NumbersGrpc.getDoubleMethod(),
        Handlers.bidiStreaming((in, out) -> noteWakeUp(in::hasNext)));

    BlockingClientCall<Number, Number> call =
        stub().withDeadlineAfter(Duration.ofMillis(300)).double_();

    assertThat(codeOf(catchThrowable(call::read))).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(codeOf(wokenBy.take())).isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED);
  }

  @Test
  void a_bidirectional_handler_may_speak_first_and_end_first() throws Exception {
    serve(
        NumbersGrpc.getDoubleMethod(),
        Handlers.bidiStreaming((in, out) -> {
          noteBody();
          out.send(number(1));
          out.send(in.next());
        }));

    BlockingClientCall<Number, Number> call = stub().double_();
    assertThat(call.read()).isEqualTo(number(1));
    call.write(number(2));
    assertThat(call.read()).isEqualTo(number(2));
    assertThat(call.read()).isNull();
  }

  @Test
  void a_status_passes_with_its_trailers() throws Exception {
    Metadata trailers = new Metadata();
    trailers.put(HINT, "look elsewhere");
    Status status = Status.NOT_FOUND.withDescription("no such number");
    List<Exception> thrown =
        List.of(
            new StatusException(status, trailers), new StatusRuntimeException(status, trailers));
    serve(
        NumbersGrpc.getEchoMethod(),
        Handlers.unary(request -> {
          Exception exception = thrown.get((int) request.getValue());
          if (exception instanceof StatusException checked) {
            throw checked;
          }
          throw (StatusRuntimeException) exception;
        }));

    for (int i = 0; i < thrown.size(); i++) {
      Number request = number(i);
      Throwable failure = catchThrowable(() -> stub().echo(request));
      assertThat(codeOf(failure)).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(failure).hasMessageContaining("no such number");
      assertThat(Status.trailersFromThrowable(failure).get(HINT)).isEqualTo("look elsewhere");
    }
  }

  @Test
  void anything_else_is_internal_with_the_id_of_the_log_and_no_word_more() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.anywire.call");
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    logger.setAdditive(false);
    try {
      serve(
          NumbersGrpc.getEchoMethod(),
          Handlers.unary(request -> {
            throw new IllegalStateException("password=secret");
          }));

      Status status = Status.fromThrowable(catchThrowable(() -> stub().echo(number(1))));
      assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(status.getDescription()).matches("internal error [0-9a-f-]{36}");
      String id = status.getDescription().substring("internal error ".length());
      assertThat(appender.list).hasSize(1);
      assertThat(appender.list.get(0).getFormattedMessage()).contains(id);
      assertThat(appender.list.get(0).getThrowableProxy().getMessage()).contains("secret");
    } finally {
      logger.detachAppender(appender);
      logger.setAdditive(true);
    }
  }

  @Test
  void a_null_response_and_a_thrown_ok_are_internal() throws Exception {
    serve(
        NumbersGrpc.getEchoMethod(),
        Handlers.unary(request -> {
          if (request.getValue() == 0) {
            return null;
          }
          throw Status.OK.asRuntimeException();
        }));

    assertThat(codeOf(catchThrowable(() -> stub().echo(number(0)))))
        .isEqualTo(Status.Code.INTERNAL);
    assertThat(codeOf(catchThrowable(() -> stub().echo(number(1)))))
        .isEqualTo(Status.Code.INTERNAL);
  }

  private <ReqT, RespT> void serve(
      MethodDescriptor<ReqT, RespT> method, ServerCallHandler<ReqT, RespT> handler)
      throws Exception {
    server =
        serverBuilder()
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder("streams.v1.Numbers")
                    .addMethod(method, handler)
                    .build())
            .intercept(new AnnIsCalling())
            .build()
            .start();
    channel = connect(server);
  }

  private static final class AnnIsCalling implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      return Contexts.interceptCall(Context.current().withValue(USER, "ann"), call, headers, next);
    }
  }

  private NumbersBlockingV2Stub stub() {
    return NumbersGrpc.newBlockingV2Stub(channel);
  }

  private static int writeUntilBlocked(BlockingClientCall<Number, Number> call, int atMost)
      throws Exception {
    int written = 0;
    try {
      while (written < atMost && call.write(heavy(1), 300, TimeUnit.MILLISECONDS)) {
        written++;
      }
    } catch (TimeoutException blocked) {
      return written;
    }
    return written;
  }

  private void noteBody() {
    bodies.add(Thread.currentThread());
  }

  /** Runs what blocks until the call ends, and passes on what it throws then. */
  private Number noteWakeUp(Runnable blocking) {
    noteBody();
    try {
      blocking.run();
    } catch (RuntimeException e) {
      wokenBy.add(e);
      throw e;
    }
    throw new AssertionError("not woken by an exception");
  }

  private static void sendForEver(Sender<Number> out) {
    while (true) {
      out.send(heavy(1));
    }
  }

  private static void take(BlockingQueue<String> permits) {
    try {
      permits.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isWaiting(Thread thread) {
    return thread != null && thread.getState() == Thread.State.WAITING;
  }

  private static Status.Code codeOf(Throwable thrown) {
    return Status.fromThrowable(thrown).getCode();
  }

  private static Number number(long value) {
    return Number.newBuilder().setValue(value).build();
  }

  private static Number heavy(long value) {
    return number(value).toBuilder().setBallast(ByteString.copyFrom(new byte[100_000])).build();
  }
}
