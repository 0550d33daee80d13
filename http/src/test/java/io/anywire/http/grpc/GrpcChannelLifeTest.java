package io.anywire.http.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.http.ProbeHandler;
import io.anywire.http.Relay;
import io.anywire.http.client.ClientSettings;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.http.probe.ProbeGrpc;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import io.anywire.wire.Services;
import io.grpc.ConnectivityState;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How our gRPC channel connects, loses its server, and ends. */
class GrpcChannelLifeTest {
  private static final ProbeRequest HELLO = ProbeRequest.newBuilder().setText("hello").build();

  private final ProbeHandler handler = new ProbeHandler();
  private final Anywire anywire = Anywire.builder().build();
  private final List<GrpcChannel> channels = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    handler.release.complete(null);
    for (GrpcChannel channel : channels) {
      channel.shutdownNow();
      assertThat(channel.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }
    anywire.close();
  }

  @Test
  void a_refused_connection_is_said_in_one_line() throws Exception {
    int port = freePort();
    GrpcChannel channel = channel(port, "");
    assertThatThrownBy(() -> call(channel))
        .hasMessage("UNAVAILABLE: cannot connect to 127.0.0.1:" + port + ": Connection refused");
    assertThat(channel.getState(false)).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
  }

  @Test
  void an_unknown_host_is_said_in_one_line() {
    GrpcChannel channel =
        new GrpcChannel("no-such-host.invalid", 1, "test", ClientSettings.DEFAULT);
    channels.add(channel);
    assertThatThrownBy(() -> call(channel))
        .hasMessage("UNAVAILABLE: cannot connect to no-such-host.invalid:1: unknown host");
  }

  @Test
  void a_server_that_accepts_and_says_nothing_is_given_up() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      GrpcChannel channel = channel(silent.getLocalPort(), "connect-time=200ms");
      assertThatThrownBy(() -> call(channel))
          .hasMessageStartingWith("UNAVAILABLE: cannot connect to")
          .hasMessageEndingWith("no answer in time");
    }
  }

  @Test
  void a_call_that_waits_for_a_server_is_served_once_it_is_there() throws Exception {
    int port = freePort();
    GrpcChannel channel = channel(port, "backoff=50ms&max-backoff=50ms");
    Future<ProbeReply> reply = ProbeGrpc.newFutureStub(channel).withWaitForReady().unary(HELLO);
    await().until(() -> channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE);
    assertThat(reply.isDone()).isFalse();
    serve("http://127.0.0.1:" + port);
    assertThat(reply.get(10, TimeUnit.SECONDS).getText()).isEqualTo("hello");
  }

  @Test
  void a_call_that_waits_ends_at_its_deadline() throws Exception {
    GrpcChannel channel = channel(freePort(), "");
    assertThatThrownBy(() ->
            ProbeGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                .unary(HELLO))
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
  }

  @Test
  void a_server_that_comes_back_is_found_again() throws Exception {
    AnywireServer first = serve("http://127.0.0.1:0");
    int port = first.urls().getFirst().host().port();
    GrpcChannel channel = channel(port, "backoff=50ms&max-backoff=50ms");
    assertThat(call(channel)).isEqualTo("hello");
    first.close();
    await()
        .untilAsserted(
            () -> assertThatThrownBy(() -> call(channel)).hasMessageStartingWith("UNAVAILABLE"));
    serve("http://127.0.0.1:" + port);
    await().ignoreExceptions().until(() -> call(channel).equals("hello"));
  }

  @Test
  void calls_that_run_when_a_server_stops_are_finished_and_others_go_elsewhere() throws Exception {
    AnywireServer first = serve("http://127.0.0.1:0");
    int port = first.urls().getFirst().host().port();
    GrpcChannel channel = channel(port, "backoff=50ms&max-backoff=50ms");
    Future<ProbeReply> running =
        ProbeGrpc.newFutureStub(channel)
            .unary(HELLO.toBuilder().setWait(true).setText("done").build());
    await().until(() -> handler.waiting.get() == 1);
    Thread stopping = Thread.ofVirtual().start(first::close);
    await()
        .untilAsserted(
            () -> assertThatThrownBy(() -> call(channel)).hasMessageStartingWith("UNAVAILABLE"));
    assertThat(running.isDone()).isFalse();
    handler.release.complete(null);
    assertThat(running.get(10, TimeUnit.SECONDS).getText()).isEqualTo("done");
    stopping.join();
  }

  @Test
  void a_server_killed_in_mid_stream_ends_its_calls() throws Exception {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(handler)
            .build()
            .start();
    try (Relay relay = new Relay(server.getPort())) {
      GrpcChannel channel = channel(relay.port(), "");
      Iterator<ProbeReply> replies =
          ProbeGrpc.newBlockingStub(channel)
              .serverStream(HELLO.toBuilder().setCount(3).setWait(true).build());
      for (int i = 1; i <= 3; i++) {
        assertThat(replies.next().getNumber()).isEqualTo(i);
      }
      relay.cut();
      assertThatThrownBy(replies::hasNext)
          .hasMessageStartingWith(
              "UNAVAILABLE: the connection to 127.0.0.1:" + relay.port() + " was lost: ");
    } finally {
      handler.release.complete(null);
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void a_peer_that_vanished_is_noticed_by_pings() throws Exception {
    try (Relay relay = new Relay(port(serve("http://127.0.0.1:0")))) {
      GrpcChannel channel = channel(relay.port(), "keep-alive=200ms&keep-alive-time=200ms");
      Future<ProbeReply> running =
          ProbeGrpc.newFutureStub(channel).unary(HELLO.toBuilder().setWait(true).build());
      await().until(() -> handler.waiting.get() == 1);
      relay.freeze();
      assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
          .hasRootCauseMessage(
              "UNAVAILABLE: 127.0.0.1:" + relay.port() + " did not answer a PING within 200 ms");
    }
  }

  @Test
  void pings_are_answered_by_a_server_that_is_there() throws Exception {
    int port = port(serve("http://127.0.0.1:0?least-ping-interval=0s"));
    GrpcChannel channel = channel(port, "keep-alive=20ms&keep-alive-time=5s");
    Future<ProbeReply> running =
        ProbeGrpc.newFutureStub(channel).unary(HELLO.toBuilder().setWait(true).build());
    await().until(() -> handler.waiting.get() == 1);
    await().during(300, TimeUnit.MILLISECONDS).until(() -> !running.isDone());
    handler.release.complete(null);
    assertThat(running.get(10, TimeUnit.SECONDS).getText()).isEqualTo("hello");
  }

  @Test
  void a_thousand_streams_pass_a_server_that_takes_a_hundred() throws Exception {
    try (Relay relay = new Relay(port(serve("http://127.0.0.1:0?streams=100")))) {
      GrpcChannel channel = channel(relay.port(), "connections=3");
      List<Future<ProbeReply>> running = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        running.add(
            ProbeGrpc.newFutureStub(channel).unary(HELLO.toBuilder().setWait(true).build()));
      }
      await().until(() -> handler.waiting.get() == 300);
      assertThat(relay.connections()).isEqualTo(3);
      handler.release.complete(null);
      for (Future<ProbeReply> reply : running) {
        assertThat(reply.get(10, TimeUnit.SECONDS).getText()).isEqualTo("hello");
      }
    }
  }

  @Test
  void a_refused_stream_is_tried_once_more() throws Exception {
    AtomicInteger arrived = new AtomicInteger();
    GrpcServer grpc = new GrpcServer(Services.of(List.of(handler), List.of()), 4 << 20);
    try (HttpServer server =
        serveHttp(exchange -> {
          if (arrived.incrementAndGet() % 2 == 1) {
            exchange.reset(Exchange.Reset.REFUSED_STREAM);
          } else {
            grpc.handle(exchange);
          }
        })) {
      GrpcChannel channel = channel(server.address().getPort(), "");
      assertThat(call(channel)).isEqualTo("hello");
      assertThat(arrived).hasValue(2);
    }
  }

  @Test
  void a_stream_that_is_refused_twice_is_unavailable() {
    AtomicInteger arrived = new AtomicInteger();
    try (HttpServer server =
        serveHttp(exchange -> {
          arrived.incrementAndGet();
          exchange.reset(Exchange.Reset.REFUSED_STREAM);
        })) {
      GrpcChannel channel = channel(server.address().getPort(), "");
      assertThatThrownBy(() -> call(channel))
          .hasMessage("UNAVAILABLE: the server reset the stream: REFUSED_STREAM");
      assertThat(arrived).hasValue(2);
    }
  }

  @Test
  void a_call_above_the_last_stream_of_a_goaway_is_sent_once_more() throws Exception {
    try (ServerSocket leaving = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      GrpcChannel channel = channel(leaving.getLocalPort(), "backoff=50ms&max-backoff=50ms");
      Future<ProbeReply> reply = ProbeGrpc.newFutureStub(channel).withWaitForReady().unary(HELLO);
      try (Socket connection = leaving.accept()) {
        connection.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        awaitHeaders(new DataInputStream(connection.getInputStream()));
        leaving.close();
        connection
            .getOutputStream()
            .write(new byte[] {0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        await().until(() -> channel.getState(false) != ConnectivityState.READY);
      }
      serve("http://127.0.0.1:" + leaving.getLocalPort());
      assertThat(reply.get(10, TimeUnit.SECONDS).getText()).isEqualTo("hello");
    }
  }

  private static void awaitHeaders(DataInputStream in) throws IOException {
    in.skipNBytes(24);
    int type;
    do {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      type = in.readUnsignedByte();
      in.skipNBytes(5L + length);
    } while (type != 1);
  }

  @Test
  void an_answer_that_is_not_grpc_is_told_by_its_http_status() {
    try (HttpServer server =
        serveHttp(exchange ->
            exchange.complete(
                503,
                new DefaultHttp2Headers(false).set("content-type", "text/html"),
                Unpooled.wrappedBuffer("<p>busy".getBytes(UTF_8)),
                EmptyHttp2Headers.INSTANCE))) {
      GrpcChannel channel = channel(server.address().getPort(), "");
      assertThatThrownBy(() -> call(channel))
          .hasMessage(
              "UNAVAILABLE: HTTP status code 503\ninvalid content-type: text/html\nbody: <p>busy");
    }
  }

  @Test
  void response_metadata_above_the_limit_end_their_call_only() {
    try (HttpServer server =
        serveHttp(exchange ->
            exchange.complete(
                200,
                new DefaultHttp2Headers(false)
                    .set("content-type", "application/grpc")
                    .set("x-large", "x".repeat(40_000)),
                Unpooled.EMPTY_BUFFER,
                new DefaultHttp2Headers(false).set("grpc-status", "0")))) {
      GrpcChannel channel = channel(server.address().getPort(), "");
      assertThatThrownBy(() -> call(channel)).hasMessageStartingWith("RESOURCE_EXHAUSTED");
      assertThat(channel.getState(false)).isEqualTo(ConnectivityState.READY);
    }
  }

  @Test
  void a_shut_down_channel_finishes_its_calls_and_takes_no_new_ones() throws Exception {
    GrpcChannel channel = channel(port(serve("http://127.0.0.1:0")), "");
    Future<ProbeReply> running =
        ProbeGrpc.newFutureStub(channel).unary(HELLO.toBuilder().setWait(true).build());
    await().until(() -> handler.waiting.get() == 1);
    channel.shutdown();
    assertThat(channel.getState(false)).isEqualTo(ConnectivityState.SHUTDOWN);
    assertThatThrownBy(() -> call(channel))
        .hasMessage("UNAVAILABLE: the channel has been shut down");
    assertThat(channel.awaitTermination(50, TimeUnit.MILLISECONDS)).isFalse();
    handler.release.complete(null);
    assertThat(running.get(10, TimeUnit.SECONDS).getText()).isEqualTo("hello");
    assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    assertThat(channel.isTerminated()).isTrue();
  }

  @Test
  void a_channel_shut_down_now_cancels_its_calls() throws Exception {
    GrpcChannel channel = channel(port(serve("http://127.0.0.1:0")), "");
    Future<ProbeReply> running =
        ProbeGrpc.newFutureStub(channel).unary(HELLO.toBuilder().setWait(true).build());
    await().until(() -> handler.waiting.get() == 1);
    channel.shutdownNow();
    assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
        .satisfies(
            e -> assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.CANCELLED));
    assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    await().until(() -> handler.cancelled.get() == 1);
  }

  @Test
  void its_state_can_be_watched() throws Exception {
    GrpcChannel channel = channel(port(serve("http://127.0.0.1:0")), "");
    assertThat(channel.getState(false)).isEqualTo(ConnectivityState.IDLE);
    CountDownLatch changed = new CountDownLatch(1);
    channel.notifyWhenStateChanged(ConnectivityState.IDLE, changed::countDown);
    assertThat(channel.getState(true)).isEqualTo(ConnectivityState.IDLE);
    assertThat(changed.await(10, TimeUnit.SECONDS)).isTrue();
    await().until(() -> channel.getState(false) == ConnectivityState.READY);
    channel.enterIdle();
    await().until(() -> channel.getState(false) == ConnectivityState.IDLE);
    assertThat(call(channel)).isEqualTo("hello");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private AnywireServer serve(String url) {
    return anywire.server().service(handler).listen(url).start();
  }

  private static int port(AnywireServer server) {
    return server.urls().getFirst().host().port();
  }

  private static HttpServer serveHttp(ExchangeHandler handler) {
    return HttpServer.start(new InetSocketAddress("127.0.0.1", 0), HttpLimits.DEFAULT, handler);
  }

  private GrpcChannel channel(int port, String query) {
    GrpcChannel channel = new GrpcChannel("127.0.0.1", port, "test", ClientSettings.of(query));
    channels.add(channel);
    return channel;
  }

  private static String call(GrpcChannel channel) {
    return ProbeGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .unary(HELLO)
        .getText();
  }
}
