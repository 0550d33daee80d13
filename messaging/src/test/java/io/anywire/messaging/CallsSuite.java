package io.anywire.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.Status;
import io.anywire.AnywireServer;
import io.anywire.broker.Inbox;
import io.anywire.broker.Message;
import io.anywire.broker.Topic;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Request;
import io.anywire.wire.Explanation;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What holds for RPC over any broker's queues. */
public abstract class CallsSuite extends BrokerSuite {
  private static final Topic LAB = Topic.calls("anywire.lab.v1.Lab.rpc");

  private LabGrpc.LabBlockingStub stub() {
    return LabGrpc.newBlockingStub(caller.channel(url)).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  @Test
  void every_kind_of_stub_gets_the_same_answer() throws Exception {
    serve("server", lab);
    CompletableFuture<Answer> asynchronous = new CompletableFuture<>();
    LabGrpc.newStub(caller.channel(url))
        .run(
            order("a"),
            new StreamObserver<>() {
              @Override
              public void onNext(Answer value) {
                asynchronous.complete(value);
              }

              @Override
              public void onError(Throwable t) {
                asynchronous.completeExceptionally(t);
              }

              @Override
              public void onCompleted() {}
            });
    assertThat(
            List.of(
                stub().run(order("a")).getText(),
                LabGrpc.newBlockingV2Stub(caller.channel(url)).run(order("a")).getText(),
                LabGrpc.newFutureStub(caller.channel(url)).run(order("a")).get().getText(),
                asynchronous.get(20, TimeUnit.SECONDS).getText()))
        .containsOnly("done: a");
  }

  @Test
  void an_error_comes_back_with_its_details() {
    serve("server", lab);
    Status invalid =
        Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT.value())
            .setMessage("email: ''")
            .addDetails(
                Any.pack(
                    BadRequest.newBuilder()
                        .addFieldViolations(
                            BadRequest.FieldViolation.newBuilder().setField("email"))
                        .build()))
            .build();
    StatusRuntimeException e =
        failureOf(() -> stub().run(order("a").toBuilder().setFail(invalid).build()));
    assertThat(StatusProto.fromThrowable(e)).isEqualTo(invalid);
    assertThat(e.getStatus().getDescription()).isEqualTo("email: ''");
  }

  @Test
  void an_unexpected_exception_is_internal_and_keeps_its_secrets() {
    serve("server", lab);
    StatusRuntimeException e = failureOf(() -> stub().run(order("crash")));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.INTERNAL);
    assertThat(e.getStatus().getDescription()).doesNotContain("secret");
  }

  @Test
  void metadata_travels_both_ways() {
    BindableService echoing =
        () -> ServerInterceptors.intercept(lab.bindService(), new EchoMetadata());
    serve("server", echoing);
    Metadata sent = new Metadata();
    sent.put(EchoMetadata.TEXT, "one");
    sent.put(EchoMetadata.TEXT, "two, three");
    sent.put(EchoMetadata.DATA, new byte[] {0, -1, ','});
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    stub()
        .withInterceptors(
            MetadataUtils.newAttachHeadersInterceptor(sent),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
        .run(order("a"));
    assertThat(headers.get().getAll(EchoMetadata.TEXT)).containsExactly("one", "two, three");
    assertThat(trailers.get().getAll(EchoMetadata.DATA)).containsExactly(new byte[] {0, -1, ','});
  }

  @Test
  void a_call_ends_at_its_deadline() {
    serve("server", lab);
    Order waiting = order("a").toBuilder().setGate("never").build();
    StatusRuntimeException e =
        failureOf(() -> stub().withDeadlineAfter(200, TimeUnit.MILLISECONDS).run(waiting));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void a_call_without_a_deadline_gets_the_one_of_its_contract() {
    serve("server", lab);
    Order waiting = order("a").toBuilder().setGate("never").build();
    LabGrpc.LabBlockingStub stub = LabGrpc.newBlockingStub(caller.channel(url));
    StatusRuntimeException e = failureOf(() -> stub.quick(waiting));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void a_call_that_nobody_serves_is_unavailable() {
    StatusRuntimeException e = failureOf(() -> stub().run(order("a")));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void a_method_that_the_server_lacks_is_unimplemented() {
    serve("server", lab);
    MethodDescriptor<Order, Answer> unknown =
        LabGrpc.getRunMethod().toBuilder()
            .setFullMethodName("anywire.lab.v1.Lab/Nothing")
            .setSchemaDescriptor(null)
            .build();
    StatusRuntimeException e =
        failureOf(() ->
            ClientCalls.blockingUnaryCall(
                caller.channel(url), unknown, CallOptions.DEFAULT, order("a")));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void a_service_without_protobuf_is_called_by_its_name() {
    MethodDescriptor<String, String> shout =
        MethodDescriptor.<String, String>newBuilder(TEXT, TEXT)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("plain.Shouter/Shout")
            .build();
    serve(
        "server",
        () ->
            ServerServiceDefinition.builder("plain.Shouter")
                .addMethod(
                    shout,
                    ServerCalls.asyncUnaryCall((request, responses) -> {
                      responses.onNext(request + "!");
                      responses.onCompleted();
                    }))
                .build());
    assertThat(
            ClientCalls.blockingUnaryCall(caller.channel(url), shout, CallOptions.DEFAULT, "hello"))
        .isEqualTo("hello!");
  }

  @Test
  void what_cannot_be_decoded_by_the_thousand_leaves_it_serving() throws Exception {
    serve("server", lab);
    for (int i = 0; i < 5_000; i++) {
      byte[] garbage = ("garbage " + i).getBytes(UTF_8);
      caller
          .broker(url)
          .publish(LAB, Message.of(ByteString.copyFrom(garbage)))
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    }
    assertThat(stub().run(order("a")).getText()).isEqualTo("done: a");
    assertThat(caller.broker(url).deadLetters(LAB, Topic.WORKERS).list(1)).isEmpty();
  }

  @Test
  void a_request_that_is_not_of_the_methods_type_is_an_invalid_argument() throws Exception {
    serve("server", lab);
    Frame reply = exchange(System.currentTimeMillis(), ByteString.copyFromUtf8("\377\377"));
    assertThat(reply.getStatus().getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT.value());
  }

  @Test
  void clocks_that_are_an_hour_apart_do_no_harm() throws Exception {
    serve("server", lab);
    long hour = TimeUnit.HOURS.toMillis(1);
    ByteString request = order("a").toByteString();
    for (long sentAt : List.of(-hour, -hour, hour, hour)) {
      Frame reply = exchange(System.currentTimeMillis() + sentAt, request);
      assertThat(reply.getStatus().getStatus().getCode()).isZero();
    }
  }

  @Test
  void no_more_calls_run_at_a_time_than_the_url_allows() throws Exception {
    String bounded = url + (url.contains("?") ? "&" : "?") + "in-flight=2";
    serve("server", bounded, Duration.ofSeconds(5), lab);
    List<ListenableFuture<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Order waiting = order("" + i).toBuilder().setGate("all").build();
      calls.add(LabGrpc.newFutureStub(caller.channel(url)).run(waiting));
    }
    await().until(() -> lab.running.get() == 2);
    lab.open("all");
    for (ListenableFuture<Answer> call : calls) {
      call.get(20, TimeUnit.SECONDS);
    }
    assertThat(lab.mostRunning).hasValue(2);
  }

  @Test
  void a_call_whose_deadline_passed_while_it_waited_is_not_started() throws Exception {
    String bounded = url + (url.contains("?") ? "&" : "?") + "in-flight=1";
    serve("server", bounded, Duration.ofSeconds(5), lab);
    Order waiting = order("first").toBuilder().setGate("first").build();
    ListenableFuture<Answer> first = LabGrpc.newFutureStub(caller.channel(url)).run(waiting);
    await().until(() -> lab.running.get() == 1);
    StatusRuntimeException e =
        failureOf(() -> stub().withDeadlineAfter(100, TimeUnit.MILLISECONDS).run(order("second")));
    // The server's count of the deadline began when the request reached it.
    await().during(Duration.ofMillis(500)).until(() -> lab.running.get() == 1);
    lab.open("first");
    first.get(20, TimeUnit.SECONDS);
    stub().run(order("third"));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(lab.seen).extracting(Order::getText).containsExactly("first", "third");
  }

  @Test
  void closing_a_server_finishes_what_runs() throws Exception {
    AnywireServer server = serve("server", lab);
    Order waiting = order("a").toBuilder().setGate("gate").build();
    ListenableFuture<Answer> call = LabGrpc.newFutureStub(caller.channel(url)).run(waiting);
    await().until(() -> lab.running.get() == 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    await().until(() -> failureOf(() -> stub().run(order("b"))) != null);
    lab.open("gate");
    assertThat(call.get(20, TimeUnit.SECONDS).getText()).isEqualTo("done: a");
    closing.get(20, TimeUnit.SECONDS);
  }

  @Test
  void a_server_that_closes_in_the_middle_tells_its_callers() {
    AnywireServer server = serve("server", url, Duration.ZERO, lab);
    Order waiting = order("a").toBuilder().setGate("never").build();
    ListenableFuture<Answer> call = LabGrpc.newFutureStub(caller.channel(url)).run(waiting);
    await().until(() -> lab.running.get() == 1);
    server.close();
    assertThat(call)
        .failsWithin(LONG)
        .withThrowableThat()
        .havingRootCause()
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE));
  }

  @Test
  void an_idempotent_call_of_a_closed_server_goes_to_another() throws Exception {
    AnywireServer server = serve("server", url, Duration.ZERO, lab);
    Order waiting = order("a").toBuilder().setGate("never").build();
    ListenableFuture<Answer> call = LabGrpc.newFutureStub(caller.channel(url)).read(waiting);
    await().until(() -> lab.running.get() == 1);
    LabHandler other = new LabHandler();
    other.openAll();
    serve("server", other);
    server.close();
    assertThat(call.get(20, TimeUnit.SECONDS).getText()).isEqualTo("done: a");
    assertThat(other.seen).hasSize(1);
  }

  @Test
  void a_cancelled_call_cancels_the_handlers_context() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    serve(
        "server",
        new LabGrpc.LabImplBase() {
          @Override
          public void run(Order request, StreamObserver<Answer> responses) {
            Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
            begun.countDown();
          }
        });
    ListenableFuture<Answer> call = LabGrpc.newFutureStub(caller.channel(url)).run(order("a"));
    await().until(() -> begun.getCount() == 0);
    call.cancel(true);
    await().until(() -> cancelled.getCount() == 0);
  }

  @Test
  void a_request_larger_than_the_broker_takes_is_refused_by_its_size() {
    serve("server", lab);
    int limit = caller.broker(url).capabilities().maxMessageBytes();
    StatusRuntimeException e = failureOf(() -> stub().run(order("x".repeat(limit))));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(e.getStatus().getDescription()).contains("expected: <= " + limit);
  }

  @Test
  void a_compressor_that_is_asked_for_changes_nothing() {
    serve("server", lab);
    assertThat(stub().withCompression("gzip").run(order("a")).getText()).isEqualTo("done: a");
  }

  @Test
  void a_call_explains_its_way_to_whoever_listens() {
    serve("server", lab);
    List<String> labels = new CopyOnWriteArrayList<>();
    stub()
        .withOption(Explanation.LISTENER, (label, text) -> labels.add(label + " " + text))
        .run(order("a"));
    assertThat(labels)
        .anyMatch(line -> line.startsWith("queue anywire.lab.v1.Lab.rpc at "))
        .anyMatch(line -> line.startsWith("codec protobuf"))
        .anyMatch(line -> line.startsWith("attempt 1"))
        .contains("reply OK");
  }

  private Frame exchange(long sentAt, ByteString request) throws Exception {
    BlockingQueue<Message> replies = new LinkedBlockingQueue<>();
    try (Inbox inbox = caller.broker(url).openInbox(replies::add)) {
      Frame frame =
          Frame.newBuilder()
              .setCallId(7)
              .setRequest(
                  Request.newBuilder()
                      .setMethod("anywire.lab.v1.Lab/Run")
                      .setReplyTo(inbox.address())
                      .setTimeoutMicros(TimeUnit.SECONDS.toMicros(5))
                      .setSentAtMillis(sentAt))
              .setMessage(request)
              .setHalfClose(true)
              .build();
      caller.broker(url).publish(LAB, Message.of(frame.toByteString()));
      Message reply = replies.poll(20, TimeUnit.SECONDS);
      assertThat(reply).isNotNull();
      return Frame.parseFrom(reply.payload());
    }
  }

  private static final MethodDescriptor.Marshaller<String> TEXT =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String value) {
          return new ByteArrayInputStream(value.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
          try {
            return new String(stream.readAllBytes(), UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };
}
