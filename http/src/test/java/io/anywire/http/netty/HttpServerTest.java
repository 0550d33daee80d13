package io.anywire.http.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine, spoken to by clients that we did not write, and by sockets that behave badly. */
class HttpServerTest {
  private static final InetSocketAddress ANY_PORT = new InetSocketAddress("127.0.0.1", 0);

  private static final Duration IDLE = Duration.ofMillis(200);

  @TempDir private Path folder;
  private final EchoHandler handler = new EchoHandler();
  private HttpServer server;
  private int port;

  @BeforeEach
  void start() {
    server = HttpServer.start(ANY_PORT, HttpLimits.DEFAULT, handler);
    port = server.address().getPort();
  }

  @AfterEach
  void stop() {
    handler.release.complete(null);
    server.close();
  }

  @Test
  void jdk_client_speaks_http_1_1() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      for (int i = 0; i < 10; i++) {
        HttpResponse<String> response = get(client, "/a?n=" + i);
        assertThat(response.body()).isEqualTo("GET /a?n=" + i + " 0");
        assertThat(response.version()).isEqualTo(Version.HTTP_1_1);
      }
      assertThat(post(client, "/b", 1_000_000).body()).isEqualTo("POST /b? 1000000");
      assertThat(get(client, "/stream").body().lines()).hasSize(3);
    }
  }

  @Test
  void jdk_client_upgrades_to_http_2() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
      assertThat(post(client, "/b", 1_000_000).body()).isEqualTo("POST /b? 1000000");
      HttpResponse<String> upgraded = get(client, "/a");
      assertThat(upgraded.version()).isEqualTo(Version.HTTP_2);
      assertThat(upgraded.body()).isEqualTo("GET /a? 0");
      assertThat(post(client, "/b", 1_000_000).body()).isEqualTo("POST /b? 1000000");
      assertThat(get(client, "/stream").body().lines()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http1.0", "--http1.1", "--http2", "--http2-prior-knowledge"})
  void curl_gets_answers(String version) throws Exception {
    assertThat(Path.of("/usr/bin/curl"))
        .as("curl; install it with: apt-get install -y curl (or run dev/test)")
        .isExecutable();
    String url = "http://127.0.0.1:" + port;
    assertThat(curl(version, url + "/x?y=z")).isEqualTo("GET /x?y=z 0");
    assertThat(curl(version, url + "/x", "-d", "hello")).isEqualTo("POST /x? 5");
    assertThat(curl(version, url + "/stream").lines()).hasSize(3);
    assertThat(curl(version, "-I", url + "/x")).contains("200").contains("content-length: 10");
    assertThat(curl(version, url + "/throw")).contains("\"status\":500").doesNotContain("purpose");
  }

  @Test
  void pipelined_requests_are_answered_in_order() throws Exception {
    try (RawClient client = new RawClient(port)) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      client.send(requests + "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      String answers = client.readAll();
      int at = 0;
      for (int i = 0; i < 200; i++) {
        at = answers.indexOf("GET /" + i + "? 0", at);
        assertThat(at).as("the answer to request " + i).isPositive();
      }
      assertThat(answers).endsWith("GET /last? 0").contains("connection: close");
    }
  }

  @Test
  void a_client_that_asks_first_is_told_to_continue() throws Exception {
    String head = " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n";
    try (RawClient client = new RawClient(port)) {
      assertThat(client.send("POST /x" + head).readUntil("\r\n\r\n"))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(client.send("abc").readUntil("3")).startsWith("HTTP/1.1 200 OK");
    }
    try (RawClient client = new RawClient(port)) {
      assertThat(client.send("POST /refuse" + head).readUntil("too large"))
          .startsWith("HTTP/1.1 413 ")
          .contains("connection: close");
    }
  }

  @Test
  void a_refused_upload_gets_its_answer() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      assertThat(post(client, "/refuse", 100_000).statusCode()).isEqualTo(413);
    }
    assertThat(Path.of("/usr/bin/curl"))
        .as("curl; install it with: apt-get install -y curl (or run dev/test)")
        .isExecutable();
    assertThat(
            curl(
                "--http2-prior-knowledge",
                "http://127.0.0.1:" + port + "/refuse",
                "-d",
                "x".repeat(100_000)))
        .isEqualTo("too large");
  }

  @Test
  void an_answer_before_the_end_of_the_request_reaches_a_client_that_goes_on_sending()
      throws Exception {
    Path upload = Files.write(folder.resolve("upload"), new byte[400_000]);
    for (int i = 0; i < 30; i++) {
      assertThat(
              curl(
                  "--http2-prior-knowledge",
                  "http://127.0.0.1:" + port + "/refuse",
                  "--data-binary",
                  "@" + upload))
          .isEqualTo("too large");
    }
    await().until(() -> server.inFlight() == 0);
  }

  @Test
  void a_body_that_nobody_consumes_holds_the_client_back() throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              HttpRequest.newBuilder(uri("/hold"))
                  .POST(BodyPublishers.ofByteArray(new byte[20_000_000]))
                  .build(),
              BodyHandlers.ofString());
      long[] last = {0};
      await()
          .pollInterval(300, TimeUnit.MILLISECONDS)
          .until(() -> {
            long now = handler.received.get();
            boolean stalled = now > 0 && now == last[0];
            last[0] = now;
            return stalled;
          });
      assertThat(last[0]).isLessThan(1_000_000);
      handler.release.complete(null);
      assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("POST /hold? 20000000");
    }
  }

  @Test
  void a_client_that_goes_away_cancels_its_request() throws Exception {
    try (RawClient client = new RawClient(port)) {
      client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> server.inFlight() == 1);
    }
    await().until(() -> handler.cancelled.get() == 1 && server.inFlight() == 0);
  }

  @Test
  void a_client_that_falls_silent_within_its_request_is_let_go() throws Exception {
    try (HttpServer impatient = impatient();
        RawClient client = new RawClient(impatient.address().getPort())) {
      client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ").contains("connection: close");
      await().until(() -> handler.cancelled.get() == 1 && impatient.inFlight() == 0);
    }
  }

  @Test
  void a_client_that_waits_for_its_answer_is_not_let_go() throws Exception {
    try (HttpServer impatient = impatient();
        RawClient client = new RawClient(impatient.address().getPort())) {
      client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> impatient.inFlight() == 1);
      await().during(IDLE.multipliedBy(5)).until(() -> impatient.inFlight() == 1);
      handler.release.complete(null);
      assertThat(client.readUntil("? 0")).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void an_http_2_client_that_answers_no_ping_is_let_go() throws Exception {
    String request = "\u0082\u0086\4\5/wait\1\1a";
    String headersOfStream1 = "\0\0\14\1\5\0\0\0\1";
    String noSettings = "\0\0\0\4\0\0\0\0\0";
    String ping = "\0\0\10\6\0\0\0\0\0";
    try (HttpServer impatient = impatient();
        RawClient client = new RawClient(impatient.address().getPort())) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + noSettings + headersOfStream1 + request);
      await().until(() -> impatient.inFlight() == 1);
      assertThat(client.readAll()).contains(ping);
      await().until(() -> handler.cancelled.get() == 1 && impatient.inFlight() == 0);
    }
  }

  @Test
  void an_http_2_client_that_waits_for_its_answer_is_not_let_go() throws Exception {
    try (HttpServer impatient = impatient();
        HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
      URI uri = URI.create("http://127.0.0.1:" + impatient.address().getPort() + "/wait");
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      await().until(() -> impatient.inFlight() == 1);
      await().during(IDLE.multipliedBy(5)).until(() -> impatient.inFlight() == 1);
      handler.release.complete(null);
      HttpResponse<String> got = answer.get(10, TimeUnit.SECONDS);
      assertThat(got.version()).isEqualTo(Version.HTTP_2);
      assertThat(got.body()).isEqualTo("GET /wait? 0");
    }
  }

  @Test
  void malformed_requests_are_refused() throws Exception {
    assertThat(answer("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(answer("GET / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(answer("GET nopath HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(answer("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431 ");
    assertThat(answer("GET /" + "y".repeat(10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 414 ");
    assertThat(answer("GET / HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n"))
        .startsWith("HTTP/1.1 417 ");
  }

  @Test
  void a_broken_http_2_connection_is_told_goodbye() throws Exception {
    String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    String goAwayType = "\u0007";
    for (String broken :
        List.of("garbage, not a frame at all", "\0\0\0\1\0\0\0\0\0", "\0\0\1\4\0\0\0\0\0x")) {
      try (RawClient client = new RawClient(port)) {
        assertThat(client.send(preface + broken).readAll()).contains(goAwayType);
      }
    }
    assertThat(answer("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")).contains(goAwayType);
  }

  @Test
  void noise_does_not_keep_the_server_from_serving() throws Exception {
    Random random = new Random(7);
    List<String> beginnings =
        List.of(
            "",
            "GET / HTTP/1.1\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 400; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      try (RawClient client = new RawClient(port)) {
        client.send(beginnings.get(i % beginnings.size()) + new String(noise, ISO_8859_1));
      } catch (IOException e) {
        // The server has closed already.
      }
    }
    try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
      assertThat(get(client, "/still").body()).isEqualTo("GET /still? 0");
    }
    await().until(() -> server.inFlight() == 0);
  }

  @Test
  void a_stopping_server_finishes_what_runs() throws Exception {
    try (RawClient idle = new RawClient(port);
        RawClient busy = new RawClient(port)) {
      idle.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").readUntil("? 0");
      busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
      await().until(() -> server.inFlight() == 1);
      server.stop();
      assertThat(idle.readAll()).isEmpty();
      assertThat(server.awaitIdle(Duration.ofMillis(100))).isFalse();
      assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
      handler.release.complete(null);
      assertThat(busy.readAll()).contains("connection: close").endsWith("GET /wait? 0");
      assertThat(server.awaitIdle(Duration.ofSeconds(5))).isTrue();
    }
  }

  @Test
  void a_port_in_use_is_said_in_one_line() {
    assertThatThrownBy(() ->
            HttpServer.start(new InetSocketAddress("127.0.0.1", port), HttpLimits.DEFAULT, handler))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot listen on http://127.0.0.1:" + port + ": address already in use");
  }

  private HttpServer impatient() {
    String limit = IDLE.toMillis() + "ms";
    HttpLimits limits = HttpLimits.of("idle=" + limit + "&header-time=" + limit);
    return HttpServer.start(ANY_PORT, limits, handler);
  }

  private String answer(String request) throws IOException {
    try (RawClient client = new RawClient(port)) {
      return client.send(request).readAll();
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private HttpResponse<String> get(HttpClient client, String path) throws Exception {
    return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(HttpClient client, String path, int bytes) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofByteArray(new byte[bytes])).build(),
        BodyHandlers.ofString());
  }

  private static String curl(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of("/usr/bin/curl", "-s", "-m", "10"));
    command.addAll(List.of(arguments));
    Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(curl.getInputStream().readAllBytes(), UTF_8);
    assertThat(curl.waitFor()).as(command + " said " + output).isZero();
    return output;
  }
}
