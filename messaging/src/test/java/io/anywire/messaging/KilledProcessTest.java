package io.anywire.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.anywire.Anywire;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.StreamLabGrpc;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import io.anywire.testing.RabbitMq;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of calls whose server, or caller, is killed in the middle. */
@Timeout(120)
class KilledProcessTest {
  private static final ServedBroker served = new ServedBroker();
  private static final Duration STARTED = Duration.ofSeconds(60);
  private static final Order WAITING = Order.newBuilder().setText("a").setGate("never").build();

  private final Anywire anywire = Anywire.builder().application("lab-process").build();
  private final LabHandler lab = new LabHandler();
  private final StreamLabHandler streams = new StreamLabHandler();

  static List<String> brokers() {
    return List.of(served.url(), RabbitMq.shared().url());
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @AfterEach
  void close() {
    lab.openAll();
    anywire.close();
  }

  @ParameterizedTest
  @MethodSource("brokers")
  void an_idempotent_call_of_a_killed_server_goes_to_another(String url) throws Exception {
    try (LocalProcess server = serving(url)) {
      ListenableFuture<Answer> call = LabGrpc.newFutureStub(anywire.channel(url)).read(WAITING);
      awaitHandling(server, call);
      lab.openAll();
      serve(url);
      server.kill();
      assertThat(call.get(20, TimeUnit.SECONDS).getText()).isEqualTo("done: a");
      assertThat(lab.seen).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("brokers")
  void a_call_with_an_idempotency_key_of_a_killed_server_goes_to_another(String url)
      throws Exception {
    Metadata key = new Metadata();
    key.put(LabHandler.key("idempotency-key"), "once");
    try (LocalProcess server = serving(url)) {
      ListenableFuture<Answer> call =
          LabGrpc.newFutureStub(anywire.channel(url))
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key))
              .run(WAITING);
      awaitHandling(server, call);
      lab.openAll();
      serve(url);
      server.kill();
      assertThat(call.get(20, TimeUnit.SECONDS).getText()).isEqualTo("done: a");
      assertThat(lab.seen).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("brokers")
  void any_other_call_of_a_killed_server_ends_at_its_deadline_and_is_not_repeated(String url)
      throws Exception {
    try (LocalProcess server = serving(url)) {
      ListenableFuture<Answer> call =
          LabGrpc.newFutureStub(anywire.channel(url))
              .withDeadlineAfter(4, TimeUnit.SECONDS)
              .run(WAITING);
      awaitHandling(server, call);
      lab.openAll();
      serve(url);
      server.kill();
      assertThat(codeOf(call)).isEqualTo(Code.DEADLINE_EXCEEDED);
      assertThat(lab.seen).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("brokers")
  void a_stream_of_a_killed_server_ends_after_three_missed_signs_of_life(String url)
      throws Exception {
    try (LocalProcess server = serving(url)) {
      BlockingClientCall<Order, Answer> call =
          StreamLabGrpc.newBlockingV2Stub(anywire.channel(quick(url))).chat();
      call.write(WAITING);
      assertThat(call.read().getText()).isEqualTo("a");
      server.kill();
      CompletableFuture<Code> end = CompletableFuture.supplyAsync(() -> endOf(call));
      assertThat(end.get(5, TimeUnit.SECONDS)).isEqualTo(Code.UNAVAILABLE);
    }
  }

  @ParameterizedTest
  @MethodSource("brokers")
  void a_stream_of_a_killed_caller_cancels_the_handlers_context(String url) {
    serve(url);
    try (LocalProcess caller =
        JavaProcess.of(LabProcess.class).arguments("chat", quick(url)).start()) {
      caller.awaitLine("answered hello", STARTED);
      assertThat(streams.cancelled).hasValue(0);
      caller.kill();
      await().atMost(Duration.ofSeconds(5)).until(() -> streams.cancelled.get() == 1);
    }
  }

  @ParameterizedTest
  @MethodSource("brokers")
  void a_frozen_server_is_given_up_and_its_handlers_are_cancelled_when_it_thaws(String url)
      throws Exception {
    try (LocalProcess server = serving(url)) {
      BlockingClientCall<Order, Answer> call =
          StreamLabGrpc.newBlockingV2Stub(anywire.channel(quick(url))).chat();
      call.write(WAITING);
      assertThat(call.read().getText()).isEqualTo("a");
      server.freeze();
      CompletableFuture<Code> end = CompletableFuture.supplyAsync(() -> endOf(call));
      assertThat(end.get(5, TimeUnit.SECONDS)).isEqualTo(Code.UNAVAILABLE);
      server.thaw();
      server.awaitLine("cancelled", STARTED);
    }
  }

  private static String quick(String url) {
    return url + "?heartbeat=200ms";
  }

  private static LocalProcess serving(String url) {
    LocalProcess server = JavaProcess.of(LabProcess.class).arguments("serve", url).start();
    server.awaitLine("serving", STARTED);
    return server;
  }

  private void serve(String url) {
    anywire.server().services(List.of(lab, streams)).listen(url).drainLimit(Duration.ZERO).start();
  }

  private static void awaitHandling(LocalProcess server, ListenableFuture<Answer> call) {
    server.awaitLine("handling a", STARTED);
    assertThat(call.isDone()).isFalse();
  }

  private static Code codeOf(ListenableFuture<Answer> call) throws Exception {
    try {
      call.get(20, TimeUnit.SECONDS);
      return Code.OK;
    } catch (ExecutionException e) {
      return io.grpc.Status.fromThrowable(e.getCause()).getCode();
    }
  }

  private static Code endOf(BlockingClientCall<Order, Answer> call) {
    try {
      return call.read() == null ? Code.OK : Code.UNKNOWN;
    } catch (StatusException e) {
      return e.getStatus().getCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Code.CANCELLED;
    }
  }
}
