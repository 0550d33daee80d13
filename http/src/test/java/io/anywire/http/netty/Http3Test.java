package io.anywire.http.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.exchange.RequestBody;
import io.anywire.http.tls.ServerFiles;
import io.anywire.http.tls.ServerTls;
import io.anywire.testing.Certificates;
import io.anywire.testing.Http3Call;
import io.anywire.testing.Http3Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http3.Http3ErrorCode;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine over HTTP/3, by a client of Netty's. */
@Timeout(60)
class Http3Test {
  private static final byte[] NOTHING = {};
  private static final int WINDOW = 64 << 10;

  @TempDir static Path folder;
  private static Certificates certificates;
  private static Certificates.Issued identity;
  private final EchoHandler handler = new EchoHandler();
  private final Pouring pouring = new Pouring();
  private HttpServer server;
  private Http3Client client;

  @BeforeAll
  static void certify() {
    certificates = Certificates.in(folder);
    identity = certificates.issue("server");
  }

  @BeforeEach
  void start() {
    server = start(0);
    client = connect();
  }

  @AfterEach
  void stop() {
    handler.release.complete(null);
    await().until(() -> server.inFlight() == 0);
    client.close();
    server.close();
  }

  @Test
  void a_request_is_answered_whole() throws Exception {
    Http3Call get = client.send("GET", "/a/b?c=d", Map.of(), NOTHING);
    assertThat(get.status()).isEqualTo(200);
    assertThat(get.text()).isEqualTo("GET /a/b?c=d 0");
    assertThat(get.header("content-type")).isEqualTo("text/plain");
    assertThat(get.header("content-length")).isEqualTo("14");
    assertThat(get.header("alt-svc")).isEmpty();

    assertThat(client.send("POST", "/", Map.of(), new byte[1000]).text()).isEqualTo("POST /? 1000");
    assertThat(client.send("HEAD", "/", Map.of(), NOTHING).body()).isEmpty();
  }

  @Test
  void a_stream_ends_with_trailers() throws Exception {
    Http3Call call = client.send("GET", "/stream", Map.of(), NOTHING);
    assertThat(call.text()).isEqualTo("GET /stream? 0\n".repeat(3));
    assertThat(call.trailer("x-trailer")).isEqualTo("end");
  }

  @Test
  void a_hundred_requests_share_a_connection() throws Exception {
    List<Http3Call> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(client.send("POST", "/" + i, Map.of(), new byte[i]));
    }
    for (int i = 0; i < 100; i++) {
      assertThat(calls.get(i).text()).isEqualTo("POST /" + i + "? " + i);
    }
  }

  @Test
  void a_large_body_arrives_as_a_whole() throws Exception {
    assertThat(client.send("POST", "/", Map.of(), new byte[3 << 20]).text())
        .isEqualTo("POST /? " + (3 << 20));
  }

  @Test
  void a_body_that_is_not_consumed_stops_coming() throws Exception {
    Http3Call call = client.begin("POST", "/hold", Map.of());
    call.write(new byte[1 << 20]);
    await().until(() -> handler.received.get() >= WINDOW);
    long soFar = handler.received.get();
    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(5))
        .until(() -> handler.received.get() <= soFar + WINDOW);
    handler.release.complete(null);
    assertThat(call.end().text()).isEqualTo("POST /hold? " + (1 << 20));
  }

  @Test
  void a_response_waits_for_a_client_that_does_not_read() throws Exception {
    Http3Call call = client.begin("GET", "/pour", Map.of());
    call.reading(false);
    call.end();
    await().until(() -> pouring.full.get() > 0);
    long poured = pouring.poured.get();
    assertThat(poured).isLessThan(2 << 20);
    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(5))
        .until(() -> pouring.poured.get() < Pouring.ALL);
    call.reading(true);
    assertThat(call.body()).hasSize(Pouring.ALL);
  }

  @Test
  void a_client_that_gives_up_cancels_the_exchange() throws Exception {
    Http3Call sending = client.begin("POST", "/", Map.of());
    sending.write(new byte[10]);
    await().until(() -> handler.received.get() == 10);
    sending.cancel();
    await().untilAtomic(handler.cancelled, count -> assertThat(count).isEqualTo(1));

    Http3Call waiting = client.send("GET", "/wait", Map.of(), NOTHING);
    await().until(() -> server.inFlight() == 1);
    waiting.cancel();
    await().untilAtomic(handler.cancelled, count -> assertThat(count).isEqualTo(2));
    assertThat(client.send("GET", "/", Map.of(), NOTHING).status()).isEqualTo(200);
  }

  @Test
  void a_client_that_goes_cancels_its_exchanges() {
    var unused = client.send("GET", "/wait", Map.of(), NOTHING);
    await().until(() -> server.inFlight() == 1);
    client.close();
    await().untilAtomic(handler.cancelled, count -> assertThat(count).isEqualTo(1));
  }

  @Test
  void an_early_answer_stops_the_body() throws Exception {
    Http3Call call = client.begin("POST", "/refuse", Map.of());
    call.write(new byte[10]);
    assertThat(call.status()).isEqualTo(413);
    assertThat(call.text()).isEqualTo("too large");
    await().until(() -> server.inFlight() == 0);
  }

  @Test
  void a_handler_that_fails_harms_its_own_exchange_only() throws Exception {
    Http3Call failed = client.send("GET", "/throw", Map.of(), NOTHING);
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.text()).doesNotContain("on purpose");
    assertThat(client.send("GET", "/", Map.of(), NOTHING).status()).isEqualTo(200);
  }

  @Test
  void a_response_that_is_reset_says_why() throws Exception {
    Http3Call call = client.send("GET", "/reset", Map.of(), NOTHING);
    assertThat(call.awaitReset()).isEqualTo(Http3ErrorCode.H3_EXCESSIVE_LOAD.code());
  }

  @Test
  void a_server_that_stops_finishes_what_runs_and_takes_nothing_new() throws Exception {
    Http3Call running = client.send("GET", "/wait", Map.of(), NOTHING);
    await().until(() -> server.inFlight() == 1);

    server.stop();

    assertThat(client.awaitGoAway()).isEqualTo(4);
    try (Http3Client late = connect()) {
      assertThat(late.awaitClosed()).isTrue();
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("Closed");
    }
    handler.release.complete(null);
    assertThat(running.text()).isEqualTo("GET /wait? 0");
    assertThat(client.awaitClosed()).isTrue();
    assertThat(server.awaitIdle(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void a_udp_port_in_use_is_said_in_one_line() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket free = new ServerSocket(0, 1, here);
        DatagramSocket taken = new DatagramSocket(free.getLocalPort(), here)) {
      free.close();
      assertThatThrownBy(() -> start(taken.getLocalPort()))
          .hasMessage(
              "cannot listen on https://127.0.0.1:"
                  + taken.getLocalPort()
                  + ": address already in use for UDP, which HTTP/3 needs (http3=off does without)");
    }
  }

  @Test
  void a_connection_on_which_nothing_moves_ends() throws Exception {
    try (HttpServer impatient = start(0, HttpLimits.of("idle=300ms"), true);
        Http3Client idle =
            Http3Client.connect(
                impatient.address().getPort(), certificates.authority(), Optional.empty())) {
      assertThat(idle.send("GET", "/", Map.of(), NOTHING).status()).isEqualTo(200);
      assertThat(idle.awaitClosed()).isTrue();
    }
  }

  private HttpServer start(int port) {
    return start(port, HttpLimits.of("stream-window=" + WINDOW), true);
  }

  private HttpServer start(int port, HttpLimits limits, boolean http3) {
    ServerTls tls =
        ServerTls.open(
            new ServerFiles(identity.certificate(), identity.key(), Optional.empty(), http3));
    return HttpServer.start(
        new InetSocketAddress("127.0.0.1", port),
        limits,
        Optional.of(tls),
        exchange -> {
          switch (exchange.path()) {
            case "/pour" -> pouring.handle(exchange);
            case "/reset" -> exchange.reset(Exchange.Reset.ENHANCE_YOUR_CALM);
            default -> handler.handle(exchange);
          }
        });
  }

  private Http3Client connect() {
    return Http3Client.connect(
        server.address().getPort(), certificates.authority(), Optional.empty());
  }

  /** Answers with much, as fast as the client takes it. */
  private static final class Pouring implements ExchangeHandler {
    static final int ALL = 4 << 20;
    private static final int PIECE = 16 << 10;
    final AtomicInteger poured = new AtomicInteger();
    final AtomicInteger full = new AtomicInteger();

    @Override
    public void handle(Exchange exchange) {
      exchange.receive(
          new RequestBody() {
            @Override
            public void data(ByteBuf piece) {
              piece.release();
            }

            @Override
            public void end() {
              exchange.respond(200, new DefaultHttp2Headers());
              pour(exchange);
            }

            @Override
            public void cancelled() {}

            @Override
            public void writable() {
              pour(exchange);
            }
          });
    }

    private void pour(Exchange exchange) {
      while (exchange.isWritable() && poured.get() < ALL) {
        exchange.send(Unpooled.wrappedBuffer(new byte[PIECE]));
        if (poured.addAndGet(PIECE) == ALL) {
          exchange.end(EmptyHttp2Headers.INSTANCE);
        }
      }
      if (!exchange.isWritable()) {
        full.incrementAndGet();
      }
    }
  }
}
