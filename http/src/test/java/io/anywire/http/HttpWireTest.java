package io.anywire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.Anywire;
import io.anywire.http.probe.ProbeGrpc;
import io.anywire.http.probe.ProbeRequest;
import io.anywire.wire.Explanation;
import io.grpc.Channel;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire as a user meets it: by URL. */
class HttpWireTest {
  private final Anywire anywire = Anywire.builder().build();
  private RunningProbe probe;

  @BeforeEach
  void start() {
    probe = new RunningProbe();
  }

  @AfterEach
  void stop() throws Exception {
    anywire.close();
    probe.close();
  }

  @Test
  void a_grpc_channel_calls_and_explains_itself() throws Exception {
    Channel channel = anywire.channel("grpc://127.0.0.1:" + probe.port);
    Map<String, String> said = new ConcurrentHashMap<>();
    ProbeRequest request = ProbeRequest.newBuilder().setText("hi").build();
    assertThat(
            ProbeGrpc.newBlockingStub(channel)
                .withOption(Explanation.LISTENER, said::put)
                .unary(request)
                .getText())
        .isEqualTo("hi");
    assertThat(ProbeGrpc.newBlockingV2Stub(channel).unary(request).getText()).isEqualTo("hi");
    assertThat(ProbeGrpc.newFutureStub(channel).unary(request).get().getText()).isEqualTo("hi");
    assertThat(said)
        .containsEntry("target", "127.0.0.1:" + probe.port)
        .containsEntry("codec", "protobuf")
        .containsEntry("route", "POST /probe.v1.Probe/Unary");
  }

  @Test
  void a_server_that_is_not_there_is_unavailable() {
    int port = probe.port;
    probe.server.close();
    Channel channel = anywire.channel("grpc://127.0.0.1:" + port);
    assertThatThrownBy(
            () -> ProbeGrpc.newBlockingStub(channel).unary(ProbeRequest.getDefaultInstance()))
        .hasMessageStartingWith("UNAVAILABLE");
  }

  @Test
  void urls_that_lack_something_say_so() {
    assertThatThrownBy(() -> anywire.channel("grpc://localhost"))
        .hasMessage("grpc://localhost: no port (expected: grpc://localhost:8080, for example)");
    assertThatThrownBy(() -> anywire.channel("grpc://a:1,b:2"))
        .hasMessage("grpc://a:1,b:2: 2 hosts (expected: one)");
    assertThatThrownBy(() -> anywire.server().listen("http://localhost").start())
        .hasMessageContaining("no port");
    assertThatThrownBy(() -> anywire.server().listen("http://localhost:0?idel=5s").start())
        .hasMessageContaining("unknown parameter 'idel' (expected: one of ");
    assertThatThrownBy(() -> anywire.channel("grpc://localhost:1?idle=5s"))
        .hasMessageStartingWith(
            "grpc://localhost:1?idle=5s: unknown parameter 'idle' (expected: one of ");
  }

  @Test
  void a_port_in_use_is_said_in_one_line() {
    assertThatThrownBy(() -> anywire.server().listen("http://127.0.0.1:" + probe.port).start())
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot listen on http://127.0.0.1:" + probe.port + ": address already in use");
  }

  @Test
  void grpc_that_is_no_proper_grpc_is_refused_with_a_reason() throws Exception {
    HttpResponse<String> old = post(HttpClient.Version.HTTP_1_1, "application/grpc");
    assertThat(old.statusCode()).isEqualTo(505);
    assertThat(old.body()).contains("gRPC needs HTTP/2");
    HttpResponse<String> web = post(HttpClient.Version.HTTP_1_1, "application/grpc-web+json");
    assertThat(web.statusCode()).isEqualTo(415);
    assertThat(web.body()).contains("application/grpc-web-text");
  }

  private HttpResponse<String> post(HttpClient.Version version, String contentType)
      throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(version).build()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + probe.port + "/probe.v1.Probe/Unary"))
              .header("content-type", contentType)
              .POST(BodyPublishers.ofByteArray(new byte[5]))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
