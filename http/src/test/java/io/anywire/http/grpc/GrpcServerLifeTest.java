package io.anywire.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.anywire.http.RunningProbe;
import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.http.probe.ProbeGrpc;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import io.anywire.wire.Services;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server answers beside its services, what it does under load, and how it ends. */
class GrpcServerLifeTest {
  private RunningProbe probe;

  @BeforeEach
  void start() {
    probe = new RunningProbe();
  }

  @AfterEach
  void stop() throws Exception {
    probe.close();
  }

  @Test
  void health_says_serving_for_the_server_and_each_service() {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(probe.channel);
    for (String service : new String[] {"", "probe.v1.Probe"}) {
      assertThat(health.check(HealthCheckRequest.newBuilder().setService(service).build()))
          .extracting(HealthCheckResponse::getStatus)
          .isEqualTo(ServingStatus.SERVING);
    }
    assertThatThrownBy(
            () -> health.check(HealthCheckRequest.newBuilder().setService("no.Such").build()))
        .hasMessageStartingWith("NOT_FOUND");
  }

  @Test
  void a_watcher_hears_of_a_service_that_is_not_there_and_of_one_that_goes() {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(probe.channel);
    Iterator<HealthCheckResponse> unknown =
        health.watch(HealthCheckRequest.newBuilder().setService("no.Such").build());
    Iterator<HealthCheckResponse> known =
        health.watch(HealthCheckRequest.newBuilder().setService("probe.v1.Probe").build());
    assertThat(unknown.next().getStatus()).isEqualTo(ServingStatus.SERVICE_UNKNOWN);
    assertThat(known.next().getStatus()).isEqualTo(ServingStatus.SERVING);
    probe.server.close();
    assertThat(known.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    assertThatThrownBy(known::hasNext).hasMessage("UNAVAILABLE: the server is stopping");
    assertThatThrownBy(() -> unknown.forEachRemaining(r -> {}))
        .hasMessage("UNAVAILABLE: the server is stopping");
  }

  @Test
  void reflection_lists_the_services_and_describes_them() throws Exception {
    BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> call =
        ServerReflectionGrpc.newBlockingV2Stub(probe.channel).serverReflectionInfo();
    call.write(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(call.read().getListServicesResponse().getServiceList())
        .extracting(ServiceResponse::getName)
        .contains("probe.v1.Probe", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");
    call.write(
        ServerReflectionRequest.newBuilder().setFileContainingSymbol("probe.v1.Probe").build());
    assertThat(call.read().getFileDescriptorResponse().getFileDescriptorProto(0).toStringUtf8())
        .contains("ProbeRequest");
    call.halfClose();
    assertThat(call.read()).isNull();
  }

  @Test
  void a_server_that_stops_finishes_its_calls_and_ends_its_watchers() throws Exception {
    Iterator<HealthCheckResponse> watch =
        HealthGrpc.newBlockingStub(probe.channel).watch(HealthCheckRequest.getDefaultInstance());
    assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.SERVING);
    Future<ProbeReply> running =
        ProbeGrpc.newFutureStub(probe.channel)
            .unary(ProbeRequest.newBuilder().setWait(true).setText("done").build());
    await().until(() -> probe.handler.waiting.get() == 1);

    CompletableFuture<Void> closing = CompletableFuture.runAsync(probe.server::close);
    assertThat(watch.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    assertThatThrownBy(watch::hasNext).hasMessage("UNAVAILABLE: the server is stopping");
    await()
        .untilAsserted(
            () -> assertThatThrownBy(this::callAnew).hasMessageContaining("UNAVAILABLE"));
    assertThat(closing).isNotDone();
    assertThat(running.isDone()).isFalse();

    probe.handler.release.complete(null);
    assertThat(running.get(10, TimeUnit.SECONDS).getText()).isEqualTo("done");
    closing.get(10, TimeUnit.SECONDS);
  }

  @Test
  void a_stopped_server_begins_no_watch_that_would_hold_up_its_end() throws Exception {
    GrpcServer grpc = new GrpcServer(Services.of(List.of(probe.handler), List.of()), 4 << 20);
    try (HttpServer server =
        HttpServer.start(new InetSocketAddress("127.0.0.1", 0), HttpLimits.DEFAULT, grpc)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
      HealthGrpc.HealthBlockingStub health =
          HealthGrpc.newBlockingStub(channel).withDeadlineAfter(5, TimeUnit.SECONDS);
      grpc.stop();

      assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
          .isEqualTo(ServingStatus.NOT_SERVING);
      Iterator<HealthCheckResponse> watch = health.watch(HealthCheckRequest.getDefaultInstance());
      assertThatThrownBy(() -> watch.forEachRemaining(r -> {}))
          .hasMessage("UNAVAILABLE: the server is stopping");
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void a_handler_that_asks_for_nothing_holds_the_client_back() throws Exception {
    ProbeRequest request =
        ProbeRequest.newBuilder().setPayload(ByteString.copyFrom(new byte[10_000])).build();
    AtomicInteger sent = new AtomicInteger();
    CompletableFuture<ProbeReply> reply = new CompletableFuture<>();
    ClientCall<ProbeRequest, ProbeReply> call =
        probe.channel.newCall(ProbeGrpc.getIdleMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onReady() {
            while (call.isReady() && sent.get() < 1000) {
              sent.incrementAndGet();
              call.sendMessage(request);
            }
            if (sent.get() == 1000) {
              sent.incrementAndGet();
              call.halfClose();
            }
          }

          @Override
          public void onMessage(ProbeReply message) {
            reply.complete(message);
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            reply.completeExceptionally(status.asRuntimeException());
          }
        },
        new Metadata());
    call.request(2);
    AtomicInteger last = new AtomicInteger();
    await()
        .pollInterval(300, TimeUnit.MILLISECONDS)
        .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
    assertThat(sent.get()).isBetween(10, 100);

    probe.handler.release.complete(null);
    assertThat(reply.get(10, TimeUnit.SECONDS).getNumber()).isEqualTo(1000);
  }

  @Test
  void a_deadline_that_passed_on_the_way_starts_no_handler() {
    assertThatThrownBy(() ->
            ProbeGrpc.newBlockingStub(probe.channel)
                .withDeadlineAfter(1, TimeUnit.NANOSECONDS)
                .unary(ProbeRequest.newBuilder().setWait(true).build()))
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
    assertThat(probe.handler.waiting).hasValue(0);
  }

  private void callAnew() throws Exception {
    var fresh = NettyChannelBuilder.forAddress("127.0.0.1", probe.port).usePlaintext().build();
    try {
      ProbeGrpc.newBlockingStub(fresh)
          .withDeadlineAfter(5, TimeUnit.SECONDS)
          .unary(ProbeRequest.getDefaultInstance());
    } finally {
      fresh.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }
}
