package io.anywire.messaging.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.google.common.util.concurrent.ListenableFuture;
import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.WireUrl;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.messaging.LabHandler;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueChannelTest {
  private static final Order WAITING = Order.newBuilder().setGate("gate").build();

  private final Anywire anywire = Anywire.builder().build();
  private final String url = "memory:" + UUID.randomUUID();
  private final LabHandler lab = new LabHandler();
  private final QueueChannel channel = new QueueChannel(WireUrl.parse(url), anywire);

  @BeforeEach
  void serve() {
    anywire.server().service(lab).listen(url).drainLimit(Duration.ofSeconds(5)).start();
  }

  @AfterEach
  void close() {
    lab.openAll();
    channel.shutdownNow();
    anywire.close();
  }

  @Test
  void a_lost_connection_ends_what_waits_for_a_reply() {
    ListenableFuture<Answer> call = LabGrpc.newFutureStub(channel).run(WAITING);
    await().until(() -> lab.seen.size() == 1);
    channel.replies().lost();
    ExecutionException e =
        catchThrowableOfType(ExecutionException.class, () -> call.get(20, TimeUnit.SECONDS));
    assertThat(((StatusRuntimeException) e.getCause()).getStatus().getCode())
        .isEqualTo(Code.UNAVAILABLE);
    assertThat(LabGrpc.newBlockingStub(channel).run(Order.getDefaultInstance()).getText())
        .isEqualTo("done: ");
  }

  @Test
  void a_reply_that_comes_too_late_is_counted_and_dropped() {
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                LabGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                    .run(WAITING));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    await().until(() -> channel.orphanedReplies() == 1);
  }

  @Test
  void a_channel_that_was_shut_down_refuses_calls_and_ends_when_the_last_is_over()
      throws Exception {
    ListenableFuture<Answer> call = LabGrpc.newFutureStub(channel).run(WAITING);
    await().until(() -> lab.seen.size() == 1);
    channel.shutdown();
    assertThat(channel.isTerminated()).isFalse();
    lab.openAll();
    assertThat(call.get(20, TimeUnit.SECONDS).getText()).isEqualTo("done: ");
    assertThat(channel.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(
            catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> LabGrpc.newBlockingStub(channel).run(Order.getDefaultInstance()))
                .getStatus()
                .getCode())
        .isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void a_broker_that_never_answers_keeps_no_call_beyond_its_deadline() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String silence = "anywire://127.0.0.1:" + silent.getLocalPort();
      QueueChannel unanswered = new QueueChannel(WireUrl.parse(silence), anywire);
      StatusRuntimeException e =
          assertTimeoutPreemptively(
              Duration.ofSeconds(5),
              () ->
                  catchThrowableOfType(
                      StatusRuntimeException.class,
                      () ->
                          LabGrpc.newBlockingStub(unanswered)
                              .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                              .run(Order.getDefaultInstance())));
      assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
      unanswered.shutdownNow();
    }
  }

  @Test
  void a_second_server_shares_the_queue() throws Exception {
    LabHandler other = new LabHandler();
    try (Anywire second = Anywire.builder().build();
        AnywireServer server = second.server().service(other).listen(url).start()) {
      for (int i = 0; i < 200; i++) {
        LabGrpc.newBlockingStub(channel).run(Order.getDefaultInstance());
      }
      assertThat(server.urls()).hasSize(1);
    }
    assertThat(lab.seen.size() + other.seen.size()).isEqualTo(200);
  }
}
