package io.anywire.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.anywire.http.CalledProbe;
import io.anywire.http.ProbeHandler;
import io.anywire.http.probe.ProbeGrpc;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Our server, called by grpc-java's own client; other classes take other parts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcCallsTest {
  private static final Metadata.Key<String> TEXT =
      Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<byte[]> BINARY =
      Metadata.Key.of("x-data-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final AtomicReference<String> remote = new AtomicReference<>();
  private final AtomicReference<Metadata> received = new AtomicReference<>();
  private CalledProbe probe;
  private ProbeHandler handler;
  private Channel channel;

  /** Whom the calls go to, and by which channel. */
  protected CalledProbe open(ServerInterceptor interceptor) {
    return CalledProbe.byGrpcJava(interceptor);
  }

  @BeforeAll
  void start() {
    probe = open(new EchoesMetadata());
    handler = probe.handler;
    channel = probe.channel;
  }

  @AfterAll
  void stop() throws Exception {
    probe.close();
  }

  /** The channel under test. */
  protected final Channel channel() {
    return channel;
  }

  @Test
  void every_kind_of_stub_makes_a_unary_call() throws Exception {
    ProbeRequest request = text("hello");
    assertThat(ProbeGrpc.newBlockingStub(channel).unary(request).getText()).isEqualTo("hello");
    assertThat(ProbeGrpc.newBlockingV2Stub(channel).unary(request).getText()).isEqualTo("hello");
    assertThat(ProbeGrpc.newFutureStub(channel).unary(request).get().getText()).isEqualTo("hello");
    Replies replies = new Replies();
    ProbeGrpc.newStub(channel).unary(request, replies);
    assertThat(replies.await()).extracting(ProbeReply::getText).containsExactly("hello");
  }

  @Test
  void a_server_stream_arrives_in_order() {
    Iterator<ProbeReply> replies = ProbeGrpc.newBlockingStub(channel).serverStream(counted(1000));
    AtomicInteger expected = new AtomicInteger();
    replies.forEachRemaining(
        reply -> assertThat(reply.getNumber()).isEqualTo(expected.incrementAndGet()));
    assertThat(expected).hasValue(1000);
  }

  @Test
  void a_client_stream_is_summed_up() throws Exception {
    Replies replies = new Replies();
    StreamObserver<ProbeRequest> requests = ProbeGrpc.newStub(channel).clientStream(replies);
    for (int i = 0; i < 500; i++) {
      requests.onNext(text("a"));
    }
    requests.onCompleted();
    assertThat(replies.await()).extracting(ProbeReply::getNumber).containsExactly(500);
  }

  @Test
  void both_sides_of_a_stream_take_turns() throws Exception {
    BlockingClientCall<ProbeRequest, ProbeReply> call = ProbeGrpc.newBlockingV2Stub(channel).bidi();
    for (int i = 1; i <= 100; i++) {
      assertThat(call.write(text("turn " + i))).isTrue();
      assertThat(call.read()).extracting(ProbeReply::getNumber).isEqualTo(i);
    }
    call.halfClose();
    assertThat(call.read()).isNull();
  }

  @Test
  void an_empty_stream_ends_well() throws Exception {
    Replies replies = new Replies();
    ProbeGrpc.newStub(channel).bidi(replies).onCompleted();
    assertThat(replies.await()).isEmpty();
  }

  @Test
  void status_message_and_details_arrive() {
    ProbeRequest request = text("kaputt: 100 % ünd\nmore").toBuilder().setCode(9).build();
    assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(channel).unary(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
              assertThat(e.getStatus().getDescription()).isEqualTo("kaputt: 100 % ünd\nmore");
              assertThat(StatusProto.fromThrowable(e).getDetails(0).is(ProbeRequest.class))
                  .isTrue();
            });
  }

  @Test
  void a_stream_that_fails_delivers_what_came_before() {
    Iterator<ProbeReply> replies =
        ProbeGrpc.newBlockingStub(channel).serverStream(counted(3).toBuilder().setCode(5).build());
    List<Integer> numbers = new ArrayList<>();
    assertThatThrownBy(() -> replies.forEachRemaining(r -> numbers.add(r.getNumber())))
        .satisfies(
            e -> assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.NOT_FOUND));
    assertThat(numbers).containsExactly(1, 2, 3);
  }

  @Test
  void an_unexpected_exception_keeps_its_secret() {
    ProbeRequest request = ProbeRequest.newBuilder().setCode(99).build();
    assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(channel).unary(request))
        .hasMessageStartingWith("INTERNAL: internal error ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void metadata_travel_both_ways_text_and_binary() {
    Metadata sent = new Metadata();
    sent.put(TEXT, "a, b");
    sent.put(BINARY, new byte[] {0, -1, 2, 61});
    sent.put(BINARY, new byte[] {7});
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    ProbeGrpc.newBlockingStub(channel)
        .withInterceptors(
            MetadataUtils.newAttachHeadersInterceptor(sent),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
        .unary(text("x"));
    for (AtomicReference<Metadata> side : List.of(headers, trailers)) {
      assertThat(side.get().get(TEXT)).isEqualTo("a, b");
      assertThat(side.get().getAll(BINARY))
          .containsExactlyInAnyOrder(new byte[] {0, -1, 2, 61}, new byte[] {7});
    }
    checkKeys(received.get());
    assertThat(remote.get()).contains("127.0.0.1");
  }

  @Test
  void a_deadline_ends_the_call_on_both_sides() {
    int before = handler.cancelled.get();
    assertThatThrownBy(() ->
            ProbeGrpc.newBlockingStub(channel)
                .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                .unary(waiting()))
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
    await().until(() -> handler.cancelled.get() > before);
  }

  @Test
  void a_cancelled_client_cancels_the_handler() {
    int before = handler.cancelled.get();
    var future = ProbeGrpc.newFutureStub(channel).unary(waiting());
    await().until(() -> handler.waiting.get() > 0);
    future.cancel(true);
    await().until(() -> handler.cancelled.get() > before);
  }

  @Test
  void a_cancelled_stream_reaches_the_handler() {
    int before = handler.cancelled.get();
    Context.CancellableContext context = Context.current().withCancellation();
    Replies replies = new Replies();
    context.run(() -> ProbeGrpc.newStub(channel).bidi(replies).onNext(text("x")));
    await().until(() -> !replies.received.isEmpty());
    context.cancel(null);
    await().until(() -> handler.cancelled.get() > before);
  }

  @Test
  void a_server_that_fails_in_mid_stream_ends_the_client() {
    Replies replies = new Replies();
    StreamObserver<ProbeRequest> requests = ProbeGrpc.newStub(channel).bidi(replies);
    requests.onNext(ProbeRequest.newBuilder().setCode(10).setText("stop").build());
    assertThatThrownBy(replies::await).hasRootCauseMessage("ABORTED: stop");
  }

  @Test
  void large_messages_pass_both_ways() {
    ByteString payload = ByteString.copyFrom(new byte[3 << 20]);
    ProbeRequest request = ProbeRequest.newBuilder().setPayload(payload).build();
    assertThat(ProbeGrpc.newBlockingStub(channel).unary(request).getPayload()).isEqualTo(payload);
  }

  @Test
  void a_message_above_the_limit_is_refused() {
    ByteString payload = ByteString.copyFrom(new byte[5 << 20]);
    ProbeRequest request = ProbeRequest.newBuilder().setPayload(payload).build();
    assertThatThrownBy(() -> ProbeGrpc.newBlockingStub(channel).unary(request))
        .hasMessageStartingWith("RESOURCE_EXHAUSTED: request of 5242");
    Replies replies = new Replies();
    ProbeGrpc.newStub(channel).bidi(replies).onNext(request);
    assertThatThrownBy(replies::await)
        .hasRootCauseMessage(
            "RESOURCE_EXHAUSTED: request of "
                + request.getSerializedSize()
                + " bytes (expected: <= 4194304)");
  }

  @Test
  void gzip_works_both_ways() {
    ByteString payload = ByteString.copyFrom(new byte[100_000]);
    AtomicReference<Metadata> headers = new AtomicReference<>();
    ProbeReply reply =
        ProbeGrpc.newBlockingStub(channel)
            .withCompression("gzip")
            .withInterceptors(
                MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
            .unary(ProbeRequest.newBuilder().setPayload(payload).setCompress(true).build());
    assertThat(reply.getPayload()).isEqualTo(payload);
    checkKeys(received.get());
  }

  @Test
  void a_slow_reader_holds_the_server_back() throws Exception {
    handler.flooded.set(0);
    ProbeRequest request =
        ProbeRequest.newBuilder()
            .setPayload(ByteString.copyFrom(new byte[10_000]))
            .setCount(10_000)
            .build();
    AtomicInteger read = new AtomicInteger();
    CompletableFuture<Status> closed = new CompletableFuture<>();
    ClientCall<ProbeRequest, ProbeReply> call =
        channel.newCall(ProbeGrpc.getFloodMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(ProbeReply message) {
            read.incrementAndGet();
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
    await().until(() -> read.get() == 1);
    int stalled = awaitStall(handler.flooded);
    assertThat(stalled).isLessThan(1000);
    call.request(20_000);
    assertThat(closed.get(20, TimeUnit.SECONDS).isOk()).isTrue();
    assertThat(read).hasValue(10_000);
  }

  @Test
  void an_unknown_method_is_unimplemented() {
    MethodDescriptor<ProbeRequest, ProbeReply> method =
        ProbeGrpc.getUnaryMethod().toBuilder().setFullMethodName("probe.v1.Probe/Unknown").build();
    assertThatThrownBy(
            () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, text("x")))
        .hasMessage("UNIMPLEMENTED: unknown method probe.v1.Probe/Unknown");
  }

  @Test
  void an_unknown_service_is_unimplemented() {
    MethodDescriptor<ProbeRequest, ProbeReply> method =
        ProbeGrpc.getUnaryMethod().toBuilder().setFullMethodName("no.Such/Method").build();
    assertThatThrownBy(
            () -> ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, text("x")))
        .hasMessage("UNIMPLEMENTED: unknown service no.Such");
  }

  @Test
  void many_calls_at_once_on_one_connection() throws Exception {
    ProbeGrpc.ProbeFutureStub stub = ProbeGrpc.newFutureStub(channel);
    List<java.util.concurrent.Future<ProbeReply>> pending = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      pending.add(stub.unary(text("n" + i)));
    }
    for (int i = 0; i < 5000; i++) {
      assertThat(pending.get(i).get(20, TimeUnit.SECONDS).getText()).isEqualTo("n" + i);
    }
  }

  /** What a handler sees is the caller's, not the protocol's. */
  protected void checkKeys(Metadata metadata) {
    assertThat(metadata.keys())
        .doesNotContain("te", "grpc-accept-encoding", "grpc-encoding", ":path");
  }

  private static int awaitStall(AtomicInteger counter) {
    AtomicInteger last = new AtomicInteger(-1);
    await()
        .pollInterval(300, TimeUnit.MILLISECONDS)
        .until(() -> last.getAndSet(counter.get()) == counter.get());
    return counter.get();
  }

  private static ProbeRequest text(String text) {
    return ProbeRequest.newBuilder().setText(text).build();
  }

  private static ProbeRequest counted(int count) {
    return ProbeRequest.newBuilder().setCount(count).build();
  }

  private static ProbeRequest waiting() {
    return ProbeRequest.newBuilder().setWait(true).build();
  }

  /** Collects a stream of replies. */
  private static final class Replies implements StreamObserver<ProbeReply> {
    private final List<ProbeReply> received = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final CompletableFuture<List<ProbeReply>> done = new CompletableFuture<>();

    @Override
    public void onNext(ProbeReply reply) {
      received.add(reply);
    }

    @Override
    public void onError(Throwable t) {
      done.completeExceptionally(t);
    }

    @Override
    public void onCompleted() {
      done.complete(received);
    }

    List<ProbeReply> await() throws Exception {
      return done.get(10, TimeUnit.SECONDS);
    }
  }

  /** Sends the request's metadata back as headers and as trailers. */
  private final class EchoesMetadata implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      received.set(headers);
      remote.set(String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
      Metadata echoed = new Metadata();
      headers.getAll(TEXT);
      copy(headers, echoed);
      return next.startCall(
          new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata responseHeaders) {
              responseHeaders.merge(echoed);
              super.sendHeaders(responseHeaders);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              copy(headers, trailers);
              super.close(status, trailers);
            }
          },
          headers);
    }

    private void copy(Metadata from, Metadata to) {
      if (from.containsKey(TEXT)) {
        to.put(TEXT, from.get(TEXT));
      }
      if (from.containsKey(BINARY)) {
        from.getAll(BINARY).forEach(value -> to.put(BINARY, value));
      }
    }
  }
}
