package io.anywire.messaging;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.anywire.AnywireServer;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.StreamLabGrpc;
import io.anywire.lab.v1.StreamLabGrpc.StreamLabStub;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerInterceptors;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for streams over any broker's queues. */
public abstract class StreamsSuite extends BrokerSuite {
  final StreamLabHandler streams = new StreamLabHandler();

  private StreamLabStub stub() {
    return StreamLabGrpc.newStub(caller.channel(url)).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private StreamLabGrpc.StreamLabBlockingV2Stub blocking() {
    return StreamLabGrpc.newBlockingV2Stub(caller.channel(url))
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static Order text(String text) {
    return Order.newBuilder().setText(text).build();
  }

  private static String numbers(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).collect(joining());
  }

  // Every kind of stub.

  @Test
  void a_stream_of_answers_comes_in_order_to_every_kind_of_stub() throws Exception {
    serve("server", streams);
    Arriving arriving = Arriving.all();
    stub().watch(text("1000"), arriving);
    assertThat(arriving.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Code.OK);
    assertThat(String.join("", arriving.texts)).isEqualTo(numbers(1000));

    StringBuilder old = new StringBuilder();
    StreamLabGrpc.newBlockingStub(caller.channel(url))
        .watch(text("1000"))
        .forEachRemaining(answer -> old.append(answer.getText()));
    assertThat(old.toString()).isEqualTo(numbers(1000));

    StringBuilder read = new StringBuilder();
    BlockingClientCall<?, Answer> call = blocking().watch(text("1000"));
    for (Answer next = call.read(); next != null; next = call.read()) {
      read.append(next.getText());
    }
    assertThat(read.toString()).isEqualTo(numbers(1000));
  }

  @Test
  void a_stream_of_requests_arrives_in_order_from_every_kind_of_stub() throws Exception {
    serve("server", streams);
    Arriving arriving = Arriving.all();
    StreamObserver<Order> requests = stub().collect(arriving);
    for (int i = 0; i < 1000; i++) {
      requests.onNext(text("" + i));
    }
    requests.onCompleted();
    assertThat(arriving.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Code.OK);
    assertThat(arriving.texts).containsExactly(numbers(1000));

    BlockingClientCall<Order, Answer> call = blocking().collect();
    for (int i = 0; i < 1000; i++) {
      call.write(text("" + i));
    }
    call.halfClose();
    assertThat(call.read().getText()).isEqualTo(numbers(1000));
  }

  @Test
  void streams_both_ways_answer_each_request_before_the_next_one() throws Exception {
    serve("server", streams);
    BlockingClientCall<Order, Answer> call = blocking().chat();
    for (int i = 0; i < 300; i++) {
      call.write(text("" + i));
      assertThat(call.read().getText()).isEqualTo("" + i);
    }
    call.halfClose();
    assertThat(call.read()).isNull();
  }

  @Test
  void a_server_may_speak_first() throws Exception {
    serve(
        "server",
        new StreamLabGrpc.StreamLabImplBase() {
          @Override
          public StreamObserver<Order> chat(StreamObserver<Answer> responses) {
            responses.onNext(Answer.newBuilder().setText("welcome").build());
            return streams.chat(responses);
          }
        });
    BlockingClientCall<Order, Answer> call = blocking().chat();
    assertThat(call.read().getText()).isEqualTo("welcome");
    call.write(text("thanks"));
    assertThat(call.read().getText()).isEqualTo("thanks");
    call.halfClose();
    assertThat(call.read()).isNull();
  }

  @Test
  void streams_of_none_are_empty() throws Exception {
    serve("server", streams);
    assertThat(blocking().watch(text("0")).read()).isNull();
    BlockingClientCall<Order, Answer> nothing = blocking().collect();
    nothing.halfClose();
    assertThat(nothing.read().getText()).isEmpty();
    BlockingClientCall<Order, Answer> silence = blocking().chat();
    silence.halfClose();
    assertThat(silence.read()).isNull();
  }

  @Test
  void many_streams_at_once_do_not_mix() throws Exception {
    serve("server", streams);
    List<Arriving> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Arriving one = Arriving.all();
      all.add(one);
      stub().watch(Order.newBuilder().setId(i + ":").setText("20").build(), one);
    }
    for (int i = 0; i < 100; i++) {
      String id = i + ":";
      assertThat(all.get(i).end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Code.OK);
      assertThat(all.get(i).texts)
          .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(n -> id + n).toList());
    }
  }

  // Errors and metadata.

  @Test
  void an_error_comes_after_what_was_sent_with_its_details() throws Exception {
    serve("server", streams);
    Status wrong =
        Status.newBuilder()
            .setCode(Code.FAILED_PRECONDITION.value())
            .setMessage("no more")
            .addDetails(Any.pack(ErrorInfo.newBuilder().setReason("EMPTY").build()))
            .build();
    BlockingClientCall<?, Answer> watching =
        blocking().watch(text("2").toBuilder().setFail(wrong).build());
    assertThat(List.of(watching.read().getText(), watching.read().getText()))
        .containsExactly("0", "1");
    assertThat(statusOf(watching)).isEqualTo(wrong);

    BlockingClientCall<Order, Answer> chatting = blocking().chat();
    chatting.write(text("a"));
    chatting.write(Order.newBuilder().setFail(wrong).build());
    assertThat(chatting.read().getText()).isEqualTo("a");
    assertThat(statusOf(chatting)).isEqualTo(wrong);
  }

  @Test
  void metadata_travels_both_ways_with_a_stream() throws Exception {
    BindableService echoing =
        () -> ServerInterceptors.intercept(streams.bindService(), new EchoMetadata());
    serve("server", echoing);
    Metadata given = new Metadata();
    given.put(EchoMetadata.TEXT, "one");
    given.put(EchoMetadata.DATA, new byte[] {0, -1, ','});
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    BlockingClientCall<?, Answer> call =
        blocking()
            .withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(given),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .watch(text("1"));
    assertThat(call.read().getText()).isEqualTo("0");
    assertThat(headers.get().getAll(EchoMetadata.TEXT)).containsExactly("one");
    assertThat(call.read()).isNull();
    assertThat(trailers.get().getAll(EchoMetadata.DATA)).containsExactly(new byte[] {0, -1, ','});
  }

  @Test
  void a_compressor_that_is_asked_for_changes_nothing() throws Exception {
    serve("server", streams);
    BlockingClientCall<Order, Answer> call = blocking().withCompression("gzip").chat();
    call.write(text("a"));
    assertThat(call.read().getText()).isEqualTo("a");
    call.cancel("enough", null);
  }

  // Flow.

  @Test
  void a_caller_that_takes_nothing_stops_the_server_and_loses_nothing() throws Exception {
    serve("server", streams);
    Arriving slow = Arriving.oneByOne();
    stub().watch(text("5000"), slow);
    await().until(() -> slow.texts.size() == 1);
    await().during(Duration.ofMillis(300)).until(() -> streams.sent.get() <= 300);
    slow.call().request(10_000);
    assertThat(slow.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Code.OK);
    assertThat(String.join("", slow.texts)).isEqualTo(numbers(5000));
  }

  @Test
  void a_server_that_takes_nothing_stops_the_caller_and_loses_nothing() throws Exception {
    CountDownLatch going = new CountDownLatch(1);
    serve("server", takingOneUntil(going));
    Arriving arriving = Arriving.all();
    stub().collect(arriving);
    AtomicInteger written = new AtomicInteger();
    await().until(() -> arriving.call().isReady());
    // What is granted at first, and what the taking of one grants.
    await()
        .during(Duration.ofMillis(300))
        .until(() -> {
          boolean held = !arriving.call().isReady();
          writeWhileReady(arriving, written);
          return held;
        });
    assertThat(written.get()).isLessThan(300);
    int timesReady = arriving.timesReady.get();
    going.countDown();
    await().until(() -> arriving.timesReady.get() > timesReady);
    while (written.get() < 1000) {
      arriving.call().onNext(text("" + written.getAndIncrement()));
    }
    arriving.call().onCompleted();
    assertThat(arriving.end.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(Code.OK);
    assertThat(arriving.texts).containsExactly(numbers(1000));
  }

  private static void writeWhileReady(Arriving arriving, AtomicInteger written) {
    while (arriving.call().isReady() && written.get() < 1000) {
      arriving.call().onNext(text("" + written.getAndIncrement()));
    }
  }

  private StreamLabGrpc.StreamLabImplBase takingOneUntil(CountDownLatch going) {
    return new StreamLabGrpc.StreamLabImplBase() {
      @Override
      public StreamObserver<Order> collect(StreamObserver<Answer> responses) {
        var out = (ServerCallStreamObserver<Answer>) responses;
        out.disableAutoRequest();
        Thread.startVirtualThread(() -> {
          try {
            out.request(1);
            going.await();
            out.request(10_000);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
        return streams.collect(responses);
      }
    };
  }

  @Test
  void large_messages_stream_without_piling_up() throws Exception {
    serve("server", streams);
    String large = "x".repeat(200_000);
    BlockingClientCall<Order, Answer> call = blocking().chat();
    for (int i = 0; i < 50; i++) {
      call.write(text(large));
      assertThat(call.read().getText()).hasSize(200_000);
    }
    call.halfClose();
    assertThat(call.read()).isNull();
  }

  @Test
  void a_message_larger_than_the_broker_takes_is_refused_by_its_size() throws Exception {
    serve("server", streams);
    int limit = caller.broker(url).capabilities().maxMessageBytes();
    BlockingClientCall<Order, Answer> call = blocking().chat();
    call.write(text("a"));
    assertThat(call.read().getText()).isEqualTo("a");
    Arriving arriving = Arriving.all();
    StreamObserver<Order> requests = stub().chat(arriving);
    requests.onNext(text("x".repeat(limit)));
    io.grpc.Status status = arriving.end.get(20, TimeUnit.SECONDS);
    assertThat(status.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).contains("expected: <= " + limit);
    // Whoever streams beside it is not disturbed.
    call.write(text("b"));
    assertThat(call.read().getText()).isEqualTo("b");
    call.halfClose();
    assertThat(call.read()).isNull();
  }

  @Test
  void an_answer_larger_than_the_broker_takes_is_refused_by_its_size() throws Exception {
    int limit = caller.broker(url).capabilities().maxMessageBytes();
    serve(
        "server",
        new StreamLabGrpc.StreamLabImplBase() {
          @Override
          public void watch(Order request, StreamObserver<Answer> responses) {
            responses.onNext(Answer.newBuilder().setText("x".repeat(limit)).build());
            responses.onCompleted();
          }
        });
    StatusException e = failure(blocking().watch(text("1")));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(e.getStatus().getDescription()).contains("expected: <= " + limit);
  }

  // Ends.

  @Test
  void a_cancelled_stream_of_any_kind_cancels_the_handlers_context() {
    serve("server", streams);
    Arriving[] calls = {Arriving.all(), Arriving.all(), Arriving.all()};
    stub().watch(text("open"), calls[0]);
    stub().collect(calls[1]);
    stub().chat(calls[2]);
    await().until(() -> streams.begun.get() == 3);
    for (Arriving each : calls) {
      each.call().cancel("enough", null);
    }
    await().until(() -> streams.cancelled.get() == 3);
    assertThat(calls).allMatch(each -> each.end.join().getCode() == Code.CANCELLED);
  }

  @Test
  void a_stream_that_is_cancelled_before_it_is_served_does_not_stay() throws Exception {
    serve("server", streams);
    for (int i = 0; i < 50; i++) {
      Arriving one = Arriving.all();
      stub().chat(one);
      one.call().cancel("never mind", null);
    }
    await().until(() -> streams.begun.get() == streams.cancelled.get());
    BlockingClientCall<Order, Answer> call = blocking().chat();
    call.write(text("a"));
    assertThat(call.read().getText()).isEqualTo("a");
    call.cancel("enough", null);
    await().until(() -> streams.begun.get() == streams.cancelled.get());
  }

  @Test
  void a_cancelled_context_cancels_the_stream_at_the_server() {
    serve("server", streams);
    Context.CancellableContext context = Context.current().withCancellation();
    Arriving arriving = Arriving.all();
    context.run(() -> stub().chat(arriving));
    await().until(() -> streams.begun.get() == 1);
    context.cancel(new IllegalStateException("gone"));
    await().until(() -> streams.cancelled.get() == 1);
    assertThat(arriving.end.join().getCode()).isEqualTo(Code.CANCELLED);
  }

  @Test
  void a_stream_ends_at_its_deadline_on_both_sides() {
    serve("server", streams);
    Arriving arriving = Arriving.all();
    StreamLabGrpc.newStub(caller.channel(url))
        .withDeadlineAfter(1, TimeUnit.SECONDS)
        .watch(text("open"), arriving);
    assertThat(arriving.end.join().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    await().until(() -> streams.cancelled.get() == 1);
  }

  @Test
  void a_stream_without_a_deadline_outlives_the_timeout_of_its_contract() {
    serve("server", streams);
    Arriving arriving = Arriving.all();
    StreamLabGrpc.newStub(caller.channel(url)).soon(text("open"), arriving);
    await().during(Duration.ofSeconds(1)).until(() -> !arriving.end.isDone());
    assertThat(streams.begun).hasValue(1);
    assertThat(streams.cancelled).hasValue(0);
  }

  @Test
  void a_stream_that_no_server_takes_in_time_ends_and_never_begins() {
    String bounded = url + (url.contains("?") ? "&" : "?") + "in-flight=1";
    serve("server", bounded, Duration.ofSeconds(5), streams);
    Arriving first = Arriving.all();
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(() -> stub().watch(text("open"), first));
    await().until(() -> streams.begun.get() == 1);

    Arriving second = Arriving.all();
    StreamLabGrpc.newStub(caller.channel(url)).soon(text("1"), second);
    assertThat(second.end.join().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    // The server's clock began a little later than the caller's.
    await().during(Duration.ofMillis(300)).until(() -> streams.begun.get() == 1);
    context.cancel(null);
    Arriving third = Arriving.all();
    stub().watch(text("1"), third);
    assertThat(third.end.join().getCode()).isEqualTo(Code.OK);
    assertThat(streams.begun).hasValue(2);
  }

  @Test
  void a_stream_that_nobody_serves_is_unavailable() {
    for (Arriving arriving : List.of(Arriving.all(), Arriving.all())) {
      stub().watch(text("1"), arriving);
      assertThat(arriving.end.join().getCode()).isEqualTo(Code.UNAVAILABLE);
    }
    Arriving chatting = Arriving.all();
    stub().chat(chatting);
    assertThat(chatting.end.join().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void closing_a_server_lets_streams_finish() throws Exception {
    AnywireServer server = serve("server", streams);
    BlockingClientCall<Order, Answer> call = blocking().chat();
    call.write(text("a"));
    assertThat(call.read().getText()).isEqualTo("a");
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    await().until(() -> failureOf(() -> oldWatch("1")) != null);
    call.write(text("b"));
    assertThat(call.read().getText()).isEqualTo("b");
    call.halfClose();
    assertThat(call.read()).isNull();
    closing.get(20, TimeUnit.SECONDS);
  }

  private void oldWatch(String count) {
    ImmutableList.copyOf(StreamLabGrpc.newBlockingStub(caller.channel(url)).watch(text(count)));
  }

  @Test
  void a_server_that_closes_in_the_middle_tells_the_callers_of_its_streams() {
    AnywireServer server = serve("server", url, Duration.ZERO, streams);
    Arriving watching = Arriving.all();
    Arriving chatting = Arriving.all();
    stub().watch(text("open"), watching);
    stub().chat(chatting);
    await().until(() -> streams.begun.get() == 2);
    server.close();
    assertThat(watching.end.join().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(chatting.end.join().getCode()).isEqualTo(Code.UNAVAILABLE);
    await().until(() -> streams.cancelled.get() == 2);
  }

  @Test
  void streams_outlive_many_signs_of_life() throws Exception {
    serve("server", streams);
    String quick = url + (url.contains("?") ? "&" : "?") + "heartbeat=200ms";
    BlockingClientCall<Order, Answer> call =
        StreamLabGrpc.newBlockingV2Stub(caller.channel(quick)).chat();
    call.write(text("a"));
    assertThat(call.read().getText()).isEqualTo("a");
    await().during(Duration.ofSeconds(1)).until(() -> streams.cancelled.get() == 0);
    call.write(text("b"));
    assertThat(call.read().getText()).isEqualTo("b");
    call.halfClose();
    assertThat(call.read()).isNull();
  }

  private static Status statusOf(BlockingClientCall<?, Answer> call) {
    return StatusProto.fromThrowable(failure(call));
  }

  private static StatusException failure(BlockingClientCall<?, Answer> call) {
    return catchThrowableOfType(StatusException.class, call::read);
  }
}
