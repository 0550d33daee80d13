package io.anywire.messaging.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.Anywire;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.StreamLabGrpc;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Serving;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server makes of a caller that does not keep to the protocol. */
class ServerProtocolTest {
  private static final String CHAT = "anywire.lab.v1.StreamLab/Chat";
  private static final String WATCH = "anywire.lab.v1.StreamLab/Watch";

  private final Anywire anywire = Anywire.builder().application("server").build();
  private final String url = "memory:" + UUID.randomUUID();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final RawPeer caller = new RawPeer(anywire.broker(url));

  {
    anywire.server().services(List.of(new Chat(), new Wait())).listen(url).start();
  }

  @AfterEach
  void close() {
    anywire.close();
  }

  @Test
  void a_stream_is_answered_by_where_it_is_served_and_how_much_it_takes() {
    Serving serving = chat();
    Frame first = caller.received.getFirst();
    assertThat(first.getSequence()).isZero();
    assertThat(first.getCredit()).isEqualTo(Window.FIRST);
    caller.send(serving, 1, RawPeer.order("a"));
    caller.send(serving, 2, Frame.newBuilder().setHalfClose(true));
    assertThat(caller.await(Frame::hasStatus).getStatus().getStatus().getCode()).isZero();
    assertThat(caller.received.stream().map(Frame::getSequence))
        .containsExactlyElementsOf(IntStream.range(0, caller.received.size()).boxed().toList());
  }

  @Test
  void a_frame_that_comes_twice_is_taken_once() {
    Serving serving = chat();
    caller.send(serving, 1, RawPeer.order("a"));
    caller.send(serving, 1, RawPeer.order("a"));
    caller.send(serving, 0, RawPeer.order("z"));
    caller.send(serving, 2, RawPeer.order("b"));
    await().until(() -> taken.size() == 2);
    caller.send(serving, 3, Frame.newBuilder().setHalfClose(true));
    caller.await(Frame::hasStatus);
    assertThat(taken).containsExactly("a", "b");
  }

  @Test
  void a_frame_that_is_lost_ends_the_call_and_cancels_the_handler() {
    Serving serving = chat();
    caller.send(serving, 2, RawPeer.order("b"));
    assertThat(endCode()).isEqualTo(Code.UNAVAILABLE);
    await().until(() -> cancelled.get() == 1);
    assertThat(taken).isEmpty();
  }

  @Test
  void a_message_that_was_not_granted_ends_the_call() {
    caller.begin(CHAT, Frame.newBuilder());
    Serving serving = caller.await(Frame::hasServing).getServing();
    // The caller grants nothing, the answers wait, and so does the handler that is not asked.
    for (int i = 1; i <= 1000; i++) {
      caller.send(serving, i, RawPeer.order("slow"));
    }
    assertThat(endCode()).isEqualTo(Code.INTERNAL);
    await().until(() -> cancelled.get() == 1);
  }

  @Test
  void a_caller_that_shows_no_life_cancels_the_handler() {
    caller.begin(CHAT, Frame.newBuilder(), 50);
    assertThat(endCode()).isEqualTo(Code.UNAVAILABLE);
    await().until(() -> cancelled.get() == 1);
    assertThat(caller.received.stream().filter(Frame::getAlive).count()).isPositive();
  }

  @Test
  void answers_wait_until_the_caller_has_granted_them() {
    caller.begin(WATCH, RawPeer.order("5").setHalfClose(true).setCredit(2));
    Serving serving = caller.await(Frame::hasServing).getServing();
    await().until(() -> messages() == 2);
    await().during(Duration.ofMillis(200)).until(() -> messages() == 2);
    caller.send(serving, 1, Frame.newBuilder().setCredit(10));
    caller.await(Frame::hasStatus);
    assertThat(messages()).isEqualTo(5);
  }

  @Test
  void what_is_no_frame_is_dropped_and_the_rest_goes_on() {
    Serving serving = chat();
    caller.garble(serving.getInbox());
    caller.send(serving.toBuilder().setCallId(999).build(), 1, RawPeer.order("z"));
    caller.send(serving, 1, RawPeer.order("a"));
    await().until(() -> taken.equals(List.of("a")));
    caller.send(serving, 0, Frames.cancel());
    await().until(() -> cancelled.get() == 1);
  }

  @Test
  void a_quick_unary_call_is_one_frame_each_way() {
    caller.begin("anywire.lab.v1.Lab/Run", RawPeer.order("quick").setHalfClose(true));
    Frame reply = caller.await(Frame::hasStatus);
    assertThat(reply.hasMessage() && reply.hasHeaders()).isTrue();
    await().during(Duration.ofMillis(200)).until(() -> caller.received.size() == 1);
  }

  @Test
  void a_unary_call_that_takes_its_time_can_be_cancelled() {
    caller.begin("anywire.lab.v1.Lab/Run", RawPeer.order("wait").setHalfClose(true));
    Frame known = caller.await(Frame::hasServing);
    assertThat(known.getAlive()).isTrue();
    caller.send(known.getServing(), 0, Frames.cancel());
    await().until(() -> cancelled.get() == 1);
    assertThat(caller.received).containsExactly(known);
  }

  @Test
  void an_idempotent_call_that_is_cancelled_is_not_delivered_again() {
    caller.begin("anywire.lab.v1.Lab/Read", RawPeer.order("wait").setHalfClose(true));
    Frame known = caller.await(Frame::hasServing);
    caller.send(known.getServing(), 0, Frames.cancel());
    await().until(() -> cancelled.get() == 1);
    anywire.close();
    try (Anywire other = Anywire.builder().application("server").build()) {
      other.server().service(new Wait()).listen(url).start();
      await().during(Duration.ofMillis(200)).until(() -> taken.size() == 1);
    }
  }

  private Serving chat() {
    caller.begin(CHAT, Frame.newBuilder().setCredit(16));
    return caller.await(Frame::hasServing).getServing();
  }

  private Code endCode() {
    int code = caller.await(Frame::hasStatus).getStatus().getStatus().getCode();
    return io.grpc.Status.fromCodeValue(code).getCode();
  }

  private long messages() {
    return caller.received.stream().filter(Frame::hasMessage).count();
  }

  private void noteCancellation() {
    Context.current()
        .addListener(
            context -> {
              if (context.cancellationCause() != null) {
                cancelled.incrementAndGet();
              }
            },
            Runnable::run);
  }

  private final class Chat extends StreamLabGrpc.StreamLabImplBase {
    @Override
    public void watch(Order request, StreamObserver<Answer> responses) {
      for (int i = 0; i < Integer.parseInt(request.getText()); i++) {
        responses.onNext(Answer.newBuilder().setText("" + i).build());
      }
      responses.onCompleted();
    }

    @Override
    public StreamObserver<Order> chat(StreamObserver<Answer> responses) {
      noteCancellation();
      var out = (ServerCallStreamObserver<Answer>) responses;
      out.setOnCancelHandler(() -> {});
      out.disableAutoRequest();
      out.request(2);
      return new StreamObserver<>() {
        @Override
        public void onNext(Order order) {
          taken.add(order.getText());
          if (!order.getText().equals("slow")) {
            out.request(1);
          }
          out.onNext(Answer.newBuilder().setText(order.getText()).build());
        }

        @Override
        public void onError(Throwable t) {}

        @Override
        public void onCompleted() {
          out.onCompleted();
        }
      };
    }
  }

  private final class Wait extends LabGrpc.LabImplBase {
    @Override
    public void run(Order request, StreamObserver<Answer> responses) {
      taken.add(request.getText());
      noteCancellation();
      if (request.getText().equals("wait")) {
        awaitCancellation();
      }
      responses.onNext(Answer.getDefaultInstance());
      responses.onCompleted();
    }

    @Override
    public void read(Order request, StreamObserver<Answer> responses) {
      run(request, responses);
    }

    private void awaitCancellation() {
      CountDownLatch over = new CountDownLatch(1);
      Context.current().addListener(context -> over.countDown(), Runnable::run);
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
