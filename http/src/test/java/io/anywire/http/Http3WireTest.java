package io.anywire.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import io.anywire.testing.Certificates;
import io.anywire.testing.Http3Call;
import io.anywire.testing.Http3Client;
import io.grpc.Grpc;
import io.grpc.SecurityLevel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** gRPC and Connect over HTTP/3, by a client of Netty's. */
@Timeout(60)
class Http3WireTest {
  private static final String SERVICE = "/probe.v1.Probe/";
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");
  private static final Map<String, String> GRPC =
      Map.of("content-type", "application/grpc", "te", "trailers");

  @TempDir static Path folder;
  private static SecureProbe probe;
  private Http3Client client;

  @BeforeAll
  static void start() {
    probe = new SecureProbe(folder, "127.0.0.1", "");
  }

  @AfterAll
  static void stop() {
    probe.close();
  }

  @BeforeEach
  void connect() {
    client = Http3Client.connect(probe.port, probe.certificates.authority(), Optional.empty());
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void every_method_answers_by_its_name() throws Exception {
    Http3Call unary = client.send("POST", SERVICE + "Unary", JSON, json("{\"text\":\"hi\"}"));
    assertThat(unary.status()).isEqualTo(200);
    assertThat(unary.text()).contains("\"text\":\"hi\"");
    Http3Call missing = client.send("GET", "/nowhere", Map.of(), new byte[0]);
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.header("content-type")).isEqualTo("application/problem+json");
  }

  @Test
  void grpc_answers_with_trailers() throws Exception {
    Http3Call unary = grpc("Unary", ProbeRequest.newBuilder().setText("hi").build());
    assertThat(unary.status()).isEqualTo(200);
    assertThat(unary.header("content-type")).startsWith("application/grpc");
    assertThat(replies(unary)).extracting(ProbeReply::getText).containsExactly("hi");
    assertThat(unary.trailer("grpc-status")).isEqualTo("0");

    Http3Call stream =
        grpc("ServerStream", ProbeRequest.newBuilder().setText("a").setCount(50).build());
    assertThat(replies(stream)).hasSize(50);
    assertThat(stream.trailer("grpc-status")).isEqualTo("0");
  }

  @Test
  void a_large_answer_comes_as_it_was_sent() throws Exception {
    byte[] much = new byte[1 << 20];
    new Random(7).nextBytes(much);
    Http3Call call =
        grpc("Unary", ProbeRequest.newBuilder().setPayload(ByteString.copyFrom(much)).build());
    assertThat(replies(call)).extracting(r -> r.getPayload().toByteArray()).containsExactly(much);
    assertThat(call.trailer("grpc-status")).isEqualTo("0");
  }

  @Test
  void grpc_takes_a_stream_turn_by_turn() throws Exception {
    Http3Call call = client.begin("POST", SERVICE + "Bidi", GRPC);
    for (int i = 1; i <= 5; i++) {
      long before = call.received();
      call.write(framed(ProbeRequest.newBuilder().setText("turn").build()));
      await().until(() -> call.received() > before);
    }
    assertThat(replies(call.end())).hasSize(5);
    assertThat(call.trailer("grpc-status")).isEqualTo("0");
  }

  @Test
  void grpc_errors_come_with_the_headers_when_there_is_nothing_else() throws Exception {
    Http3Call failed = grpc("Unary", ProbeRequest.newBuilder().setCode(5).setText("gone").build());
    assertThat(failed.status()).isEqualTo(200);
    assertThat(failed.body()).isEmpty();
    assertThat(failed.header("grpc-status")).isEqualTo("5");
    assertThat(failed.header("grpc-message")).isEqualTo("gone");
  }

  @Test
  void a_cancelled_call_cancels_its_handler() {
    int before = probe.handler.cancelled.get();
    Http3Call waiting = grpc("Unary", ProbeRequest.newBuilder().setWait(true).build());
    await().until(() -> probe.handler.waiting.get() == 1);
    waiting.cancel();
    await().until(() -> probe.handler.cancelled.get() == before + 1);
  }

  @Test
  void a_call_says_that_its_connection_keeps_secrets() throws Exception {
    grpc("Unary", ProbeRequest.getDefaultInstance()).body();

    assertThat(probe.security).hasValue(SecurityLevel.PRIVACY_AND_INTEGRITY);
    SSLSession session = probe.attributes.get().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    assertThat(session).isNotNull();
    assertThat(session.getProtocol()).isEqualTo("TLSv1.3");
    assertThat(String.valueOf(probe.attributes.get().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)))
        .startsWith("/127.0.0.1:");
  }

  @Test
  void a_server_may_ask_for_the_clients_certificate() throws Exception {
    Certificates clients = Certificates.in(folder.resolve("clients"));
    Certificates.Issued own = clients.issue("accounting");
    try (SecureProbe strict =
        new SecureProbe(
            folder.resolve("strict"), "127.0.0.1", "&client-ca=" + clients.authority())) {
      Path trusted = strict.certificates.authority();
      try (Http3Client known = Http3Client.connect(strict.port, trusted, Optional.of(own))) {
        assertThat(known.send("POST", SERVICE + "Unary", JSON, json("{}")).status()).isEqualTo(200);
        SSLSession session = strict.attributes.get().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        assertThat(session).isNotNull();
        assertThat(session.getPeerPrincipal().getName()).isEqualTo("CN=accounting");
      }
      assertThatThrownBy(
              () -> {
                try (Http3Client nameless =
                    Http3Client.connect(strict.port, trusted, Optional.empty())) {
                  nameless.send("POST", SERVICE + "Unary", JSON, json("{}")).status();
                }
              })
          .isNotNull();
      assertThat(strict.handler.waiting).hasValue(0);
    }
  }

  @Test
  void http3_can_be_switched_off() throws Exception {
    try (SecureProbe without = new SecureProbe(folder.resolve("off"), "127.0.0.1", "&http3=off")) {
      String url = "https://127.0.0.1:" + without.port + SERVICE + "Unary";
      String trusted = without.certificates.authority().toString();
      assertThat(SecureProbe.run("curl", "-sSi", "--cacert", trusted, "-d", "{}", url))
          .startsWith("HTTP/2 ")
          .doesNotContain("alt-svc");
    }
  }

  private Http3Call grpc(String method, ProbeRequest request) {
    return client.send("POST", SERVICE + method, GRPC, framed(request));
  }

  private static byte[] framed(ProbeRequest request) {
    byte[] message = request.toByteArray();
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  private static List<ProbeReply> replies(Http3Call call) throws Exception {
    ByteBuffer body = ByteBuffer.wrap(call.body());
    List<ProbeReply> replies = new ArrayList<>();
    while (body.hasRemaining()) {
      assertThat(body.get()).isZero();
      byte[] message = new byte[body.getInt()];
      body.get(message);
      replies.add(reply(message));
    }
    return replies;
  }

  private static ProbeReply reply(byte[] message) throws InvalidProtocolBufferException {
    return ProbeReply.parseFrom(message);
  }

  private static byte[] json(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
