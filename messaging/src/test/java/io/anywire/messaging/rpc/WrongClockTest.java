package io.anywire.messaging.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.messaging.LabHandler;
import io.anywire.wire.Services;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines at a server whose clock is wrong by some milliseconds. */
class WrongClockTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final String url = "memory:" + UUID.randomUUID();
  private final List<Long> millisLeft = new CopyOnWriteArrayList<>();
  private final LabHandler lab =
      new LabHandler() {
        @Override
        public void run(Order request, StreamObserver<Answer> responses) {
          Deadline deadline = Context.current().getDeadline();
          millisLeft.add(deadline == null ? -1 : deadline.timeRemaining(TimeUnit.MILLISECONDS));
          super.run(request, responses);
        }
      };

  @ParameterizedTest
  @ValueSource(longs = {0, 3_600_000, -3_600_000, 1_500, -1_500})
  void the_handler_has_as_long_as_the_caller_waits(long wrongByMillis) {
    try (Anywire anywire = Anywire.builder().build();
        RpcServer server = server(anywire, wrongByMillis, 10)) {
      assertThat(server.malformed()).isZero();
      QueueChannel channel = new QueueChannel(WireUrl.parse(url), anywire);
      for (int i = 0; i < 20; i++) {
        LabGrpc.newBlockingStub(channel).withDeadlineAfter(SECOND.multipliedBy(10)).run(text("a"));
      }
      assertThat(millisLeft).hasSize(20).allMatch(left -> left > 8_000 && left <= 10_000);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3_600_000, -3_600_000, 1_500, -1_500})
  void what_waited_longer_than_its_deadline_is_not_started(long wrongByMillis) throws Exception {
    try (Anywire anywire = Anywire.builder().build();
        RpcServer server = server(anywire, wrongByMillis, 1)) {
      assertThat(server.malformed()).isZero();
      QueueChannel channel = new QueueChannel(WireUrl.parse(url), anywire);
      LabGrpc.newBlockingStub(channel).run(text("warm"));
      // One runs and one waits in the server, so that the next one waits in the broker.
      ListenableFuture<Answer> running =
          LabGrpc.newFutureStub(channel).read(text("running").toBuilder().setGate("gate").build());
      await().until(() -> lab.seen.size() == 2);
      StatusRuntimeException e =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () -> LabGrpc.newBlockingStub(channel).withDeadlineAfter(SECOND).run(text("late")));
      assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
      await().during(Duration.ofMillis(200)).until(() -> !running.isDone());
      lab.open("gate");
      running.get(20, TimeUnit.SECONDS);
      LabGrpc.newBlockingStub(channel).run(text("last"));
      assertThat(lab.seen).extracting(Order::getText).containsExactly("warm", "running", "last");
    }
  }

  private RpcServer server(Anywire anywire, long wrongByMillis, int inFlight) {
    Broker broker = anywire.broker(url);
    Services services = Services.of(List.of(lab), List.of());
    return new RpcServer(
        broker,
        LabGrpc.SERVICE_NAME,
        services,
        inFlight,
        ServingInbox.open(broker, url),
        () -> System.currentTimeMillis() + wrongByMillis);
  }

  private static Order text(String text) {
    return Order.newBuilder().setText(text).build();
  }
}
