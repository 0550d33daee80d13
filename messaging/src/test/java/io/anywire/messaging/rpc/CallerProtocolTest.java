package io.anywire.messaging.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.StreamLabGrpc;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Headers;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a caller makes of a server that does not keep to the protocol. */
class CallerProtocolTest {
  private final Anywire anywire = Anywire.builder().build();
  private final String url = "memory:" + UUID.randomUUID();
  private final QueueChannel channel = new QueueChannel(WireUrl.parse(url), anywire);
  private final QueueChannel quick =
      new QueueChannel(WireUrl.parse(url + "?heartbeat=50ms"), anywire);
  private final RawPeer server =
      new RawPeer(anywire.broker(url))
          .serving(StreamLabGrpc.SERVICE_NAME)
          .serving(LabGrpc.SERVICE_NAME);
  private final List<String> texts = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();

  @AfterEach
  void nothing_waits_any_more() {
    await().until(() -> channel.replies().isIdle());
    await().until(() -> quick.replies().isIdle());
    channel.shutdownNow();
    quick.shutdownNow();
    anywire.close();
  }

  @Test
  void a_frame_that_comes_twice_is_taken_once() throws Exception {
    Frame request = watch();
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()));
    server.answer(request, 1, RawPeer.answer("a"));
    server.answer(request, 1, RawPeer.answer("a"));
    server.answer(request, 0, RawPeer.answer("z"));
    server.answer(request, 2, RawPeer.answer("b"));
    server.answer(request, 3, Frames.ended(Status.OK));
    assertThat(endOf().getCode()).isEqualTo(Code.OK);
    assertThat(texts).containsExactly("a", "b");
  }

  @Test
  void a_frame_that_is_lost_ends_the_call_and_tells_the_server() throws Exception {
    Frame request = watch();
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()));
    server.answer(request, 1, RawPeer.answer("a"));
    server.answer(request, 3, RawPeer.answer("c"));
    assertThat(endOf().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(endOf().getDescription()).isEqualTo("1 frames of the call were lost");
    assertThat(texts).containsExactly("a");
    assertThat(server.await(Frame::hasCancel).getCallId()).isEqualTo(RawPeer.ID);
  }

  @Test
  void a_sign_of_life_tells_that_the_frame_before_it_was_lost() throws Exception {
    Frame request = watch();
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()));
    server.answer(request, 2, Frame.newBuilder().setAlive(true));
    assertThat(endOf().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void a_server_that_shows_no_life_ends_the_call() throws Exception {
    Frame request = watch(quick, Integer.MAX_VALUE);
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()));
    long began = System.nanoTime();
    assertThat(endOf().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(endOf().getDescription()).isEqualTo("the other side has shown no life for 150 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(140));
    assertThat(server.received.stream().filter(Frame::getAlive).count()).isPositive();
  }

  @Test
  void a_server_that_shows_life_may_take_its_time() throws Exception {
    Frame request = watch(quick, Integer.MAX_VALUE);
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()));
    await()
        .pollInterval(Duration.ofMillis(20))
        .during(Duration.ofSeconds(1))
        .until(() -> {
          server.answer(request, 1, Frame.newBuilder().setAlive(true));
          return !end.isDone();
        });
    server.answer(request, 1, Frames.ended(Status.OK));
    assertThat(endOf().getCode()).isEqualTo(Code.OK);
  }

  @Test
  void a_message_that_was_not_granted_ends_the_call() throws Exception {
    ClientCall<Order, Answer> call = start(channel, StreamLabGrpc.getWatchMethod(), 1);
    call.sendMessage(Order.getDefaultInstance());
    call.halfClose();
    Frame request = server.awaitRequest();
    assertThat(request.getCredit()).isEqualTo(Window.FIRST);
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()));
    for (int i = 1; i < 200; i++) {
      server.answer(request, i, RawPeer.answer("" + i));
    }
    server.await(Frame::hasCancel);
    call.request(1000);
    assertThat(endOf().getCode()).isEqualTo(Code.INTERNAL);
    assertThat(endOf().getDescription()).isEqualTo("a message that was not granted");
  }

  @Test
  void messages_wait_until_the_server_has_granted_them() {
    ClientCall<Order, Answer> call =
        start(channel, StreamLabGrpc.getChatMethod(), Integer.MAX_VALUE);
    for (int i = 0; i < 5; i++) {
      call.sendMessage(Order.newBuilder().setText("" + i).build());
    }
    call.halfClose();
    Frame request = server.awaitRequest();
    assertThat(request.hasMessage() || request.getHalfClose()).isFalse();
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()).setCredit(2));
    await().until(() -> messages() == 2);
    await().during(Duration.ofMillis(100)).until(() -> messages() == 2 && !call.isReady());
    server.answer(request, 1, Frame.newBuilder().setCredit(10));
    Frame last = server.await(Frame::getHalfClose);
    assertThat(messages()).isEqualTo(5);
    assertThat(last.hasMessage()).isTrue();
    assertThat(server.received.stream().filter(f -> !f.getAlive()).map(Frame::getSequence))
        .containsExactly(1, 2, 3, 4, 5);
    server.answer(request, 2, Frames.ended(Status.OK));
  }

  @Test
  void a_server_that_makes_itself_known_too_late_is_told_that_nobody_waits() {
    ClientCall<Order, Answer> streaming = start(channel, StreamLabGrpc.getChatMethod(), 1);
    Frame request = server.awaitRequest();
    streaming.cancel("enough", null);
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()));
    assertThat(server.await(Frame::hasCancel).getCallId()).isEqualTo(RawPeer.ID);
    assertThat(channel.orphanedReplies()).isZero();
  }

  @Test
  void a_unary_call_that_is_cancelled_tells_the_server_that_has_made_itself_known() {
    ClientCall<Order, Answer> unary = start(channel, LabGrpc.getRunMethod(), 2);
    unary.sendMessage(Order.getDefaultInstance());
    unary.halfClose();
    Frame request = server.awaitRequest();
    assertThat(request.hasMessage() && request.getHalfClose()).isTrue();
    assertThat(request.getCredit()).isZero();
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()).setAlive(true));
    unary.cancel("enough", null);
    server.await(Frame::hasCancel);
  }

  @Test
  void headers_that_cannot_be_end_the_call() throws Exception {
    Frame request = watch();
    Headers wrong =
        Headers.newBuilder()
            .addMetadata(io.anywire.messaging.rpc.v1.Entry.newBuilder().setKey("not a key \n"))
            .build();
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()).setHeaders(wrong));
    assertThat(endOf().getCode()).isEqualTo(Code.INTERNAL);
    server.await(Frame::hasCancel);
  }

  @Test
  void a_lost_connection_ends_streams_that_wait() throws Exception {
    Frame request = watch();
    server.answer(request, 0, Frame.newBuilder().setServing(server.serving()));
    channel.replies().lost();
    assertThat(endOf().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  private long messages() {
    return server.received.stream().filter(Frame::hasMessage).count();
  }

  private Frame watch() {
    return watch(channel, Integer.MAX_VALUE);
  }

  private Frame watch(QueueChannel over, int demand) {
    ClientCall<Order, Answer> call = start(over, StreamLabGrpc.getWatchMethod(), demand);
    call.sendMessage(Order.getDefaultInstance());
    call.halfClose();
    return server.awaitRequest();
  }

  private ClientCall<Order, Answer> start(
      QueueChannel over, MethodDescriptor<Order, Answer> method, int demand) {
    ClientCall<Order, Answer> call =
        over.newCall(method, io.grpc.CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(Answer message) {
            texts.add(message.getText());
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.request(demand);
    return call;
  }

  private Status endOf() throws Exception {
    return end.get(20, TimeUnit.SECONDS);
  }
}
