package io.anywire.http.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.anywire.http.Envelopes;
import io.anywire.http.Envelopes.Envelope;
import io.anywire.http.LeakCheck;
import io.anywire.http.RunningProbe;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the protocol of gRPC-Web says of bytes and headers, spoken by a plain HTTP client. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class GrpcWebTest {
  private static final String BINARY = "application/grpc-web+proto";
  private static final String TEXT = "application/grpc-web-text";
  private static final int TRAILERS = 0x80;
  private static HttpClient client;
  private static RunningProbe probe;

  @BeforeAll
  static void start() throws Exception {
    probe = new RunningProbe();
    client = HttpClient.newHttpClient();
    // A request without a body upgrades the connection to HTTP/2, which later ones then use.
    HttpRequest first =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probe.port)).build();
    assertThat(client.send(first, BodyHandlers.discarding()).version()).isEqualTo(Version.HTTP_2);
  }

  @AfterAll
  static void stop() throws Exception {
    client.close();
    probe.close();
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void a_call_has_its_message_and_then_its_trailers_in_the_body(Version version) throws Exception {
    HttpResponse<byte[]> response =
        send(request("Unary", BINARY, Envelopes.of(0, text("hi"))).version(version));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.version()).isEqualTo(version);
    assertThat(header(response, "content-type")).isEqualTo(BINARY);
    assertThat(header(response, "grpc-status")).isEmpty();
    List<Envelope> envelopes = Envelopes.in(response.body());
    assertThat(envelopes).hasSize(2);
    assertThat(ProbeReply.parseFrom(envelopes.get(0).message()).getText()).isEqualTo("hi");
    assertThat(envelopes.get(1).flags()).isEqualTo(TRAILERS);
    assertThat(envelopes.get(1).text()).isEqualTo("grpc-status: 0\r\n");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void a_stream_of_responses_comes_over_any_version_of_http(Version version) throws Exception {
    ProbeRequest three = ProbeRequest.newBuilder().setText("s").setCount(3).build();
    List<Envelope> envelopes =
        Envelopes.in(send(request("ServerStream", BINARY, framed(three)).version(version)).body());
    assertThat(envelopes).hasSize(4);
    assertThat(ProbeReply.parseFrom(envelopes.get(2).message()).getNumber()).isEqualTo(3);
    assertThat(envelopes.get(3).text()).startsWith("grpc-status: 0");
  }

  @Test
  void a_stream_that_fails_says_so_in_its_trailers() throws Exception {
    ProbeRequest failing =
        ProbeRequest.newBuilder().setText("50 % ü").setCount(1).setCode(10).build();
    List<Envelope> envelopes =
        Envelopes.in(send(request("ServerStream", BINARY, framed(failing))).body());
    assertThat(envelopes).hasSize(2);
    assertThat(envelopes.get(1).text())
        .contains("grpc-status: 10\r\n")
        .contains("grpc-message: 50 %25 %C3%BC\r\n")
        .contains("grpc-status-details-bin: ");
  }

  @Test
  void a_call_that_fails_at_once_has_its_status_in_the_head() throws Exception {
    ProbeRequest failing = ProbeRequest.newBuilder().setText("no").setCode(5).build();
    HttpResponse<byte[]> response = send(request("Unary", BINARY, framed(failing)));
    assertThat(header(response, "grpc-status")).isEqualTo("5");
    assertThat(header(response, "grpc-message")).isEqualTo("no");
    assertThat(header(response, "content-type")).isEqualTo(BINARY);
    assertThat(response.body()).isEmpty();
    HttpResponse<byte[]> unknown = send(request("Nothing", BINARY, new byte[0]));
    assertThat(header(unknown, "grpc-status")).isEqualTo("12");
  }

  @Test
  void timeouts_and_compression_are_those_of_grpc() throws Exception {
    byte[] wait = framed(ProbeRequest.newBuilder().setWait(true).build());
    HttpResponse<byte[]> late = send(request("Unary", BINARY, wait).header("grpc-timeout", "50m"));
    // In a head of its own, or in the last frame when the handler had sent headers already.
    assertThat("grpc-status: " + header(late, "grpc-status") + new String(late.body(), UTF_8))
        .contains("grpc-status: 4");
    assertThat(
            header(
                send(request("Unary", BINARY, wait).header("grpc-timeout", "soon")), "grpc-status"))
        .isEqualTo("3");
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
      gzip.write(ProbeRequest.newBuilder().setText("z").setCompress(true).build().toByteArray());
    }
    HttpResponse<byte[]> zipped =
        send(
            request("Unary", BINARY, Envelopes.of(1, small.toByteArray()))
                .header("grpc-encoding", "gzip")
                .header("grpc-accept-encoding", "gzip"));
    assertThat(header(zipped, "grpc-encoding")).isEqualTo("gzip");
    assertThat(Envelopes.in(zipped.body()).getFirst().flags()).isEqualTo(1);
    assertThat(
            header(
                send(request("Unary", BINARY, wait).header("grpc-encoding", "snappy")),
                "grpc-status"))
        .isEqualTo("12");
  }

  @Test
  void text_is_base64_both_ways() throws Exception {
    byte[] body = Base64.getEncoder().encode(Envelopes.of(0, text("hi")));
    HttpResponse<byte[]> response = send(request("Unary", TEXT, body));
    assertThat(header(response, "content-type")).isEqualTo(TEXT);
    List<Envelope> envelopes = Envelopes.in(plain(response.body()));
    assertThat(ProbeReply.parseFrom(envelopes.get(0).message()).getText()).isEqualTo("hi");
    assertThat(envelopes.get(1).text()).isEqualTo("grpc-status: 0\r\n");
    HttpResponse<byte[]> asked =
        send(request("Unary", BINARY, Envelopes.of(0, text("x"))).header("accept", TEXT));
    assertThat(header(asked, "content-type")).isEqualTo(TEXT + "+proto");
    assertThat(Envelopes.in(plain(asked.body()))).hasSize(2);
  }

  @Test
  void each_message_of_a_stream_is_base64_by_itself() throws Exception {
    ProbeRequest many = ProbeRequest.newBuilder().setText("some").setCount(50).build();
    byte[] body = Base64.getEncoder().encode(framed(many));
    List<Envelope> envelopes =
        Envelopes.in(plain(send(request("ServerStream", TEXT, body)).body()));
    assertThat(envelopes).hasSize(51);
    assertThat(ProbeReply.parseFrom(envelopes.get(49).message()).getNumber()).isEqualTo(50);
  }

  @Test
  void text_may_have_padding_in_its_middle_and_come_in_any_pieces() throws Exception {
    byte[] envelope = framed(ProbeRequest.newBuilder().setText("pieces").build());
    StringBuilder text = new StringBuilder();
    for (byte b : envelope) {
      text.append(Base64.getEncoder().encodeToString(new byte[] {b}));
    }
    HttpResponse<byte[]> padded =
        send(request("Unary", TEXT, text.toString().getBytes(ISO_8859_1)));
    assertThat(Envelopes.in(plain(padded.body()))).hasSize(2);
    Base64Stream stream = new Base64Stream();
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    for (byte c : text.toString().getBytes(ISO_8859_1)) {
      decoded.writeBytes(stream.decode(Unpooled.wrappedBuffer(new byte[] {c})));
    }
    assertThat(stream.isComplete()).isTrue();
    assertThat(decoded.toByteArray()).isEqualTo(envelope);
    assertThatThrownBy(() -> stream.decode(Unpooled.copiedBuffer("****", UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"****", "AAAAAA", "AAAA=AAA", "A"})
  void what_is_not_base64_is_an_invalid_argument(String body) throws Exception {
    for (String method : List.of("Unary", "ServerStream", "ClientStream", "Bidi")) {
      HttpResponse<byte[]> response = send(request(method, TEXT, body.getBytes(UTF_8)));
      assertThat(header(response, "grpc-status")).isEqualTo("3");
      assertThat(header(response, "grpc-message")).contains("base64");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/grpc-web+json,415",
    "application/grpc-webby,415",
    "application/grpc-web+thrift,415",
    "application/grpc-web; charset=utf-8,200",
    "application/grpc-web+proto,200"
  })
  void only_protobuf_is_spoken(String contentType, int status) throws Exception {
    HttpResponse<byte[]> response = send(request("Unary", contentType, Envelopes.of(0, text("x"))));
    assertThat(response.statusCode()).isEqualTo(status);
  }

  @Test
  void streams_of_requests_are_answered_once_they_are_whole() throws Exception {
    byte[] two = Envelopes.joined(Envelopes.of(0, text("a")), Envelopes.of(0, text("b")));
    HttpResponse<byte[]> once =
        send(request("ClientStream", BINARY, two).version(Version.HTTP_1_1));
    assertThat(ProbeReply.parseFrom(Envelopes.in(once.body()).getFirst().message()).getText())
        .isEqualTo("ab");
    HttpResponse<byte[]> each = send(request("Bidi", BINARY, two).version(Version.HTTP_1_1));
    assertThat(Envelopes.in(each.body())).hasSize(3);
  }

  @Test
  void text_that_nobody_reads_holds_its_client_back() throws Exception {
    byte[] mebibyte = Base64.getEncoder().encode(framed(payload(1 << 20)));
    try (RunningProbe own = new RunningProbe();
        Socket socket = new Socket("127.0.0.1", own.port)) {
      socket
          .getOutputStream()
          .write(
              ("POST /probe.v1.Probe/Idle HTTP/1.1\r\nhost: x\r\ncontent-type: "
                      + TEXT
                      + "\r\ncontent-length: "
                      + (100L * mebibyte.length)
                      + "\r\n\r\n")
                  .getBytes(UTF_8));
      long[] written = {0};
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < 100; i++) {
                    socket.getOutputStream().write(mebibyte);
                    written[0] += mebibyte.length;
                  }
                } catch (IOException e) {
                  // The test has closed it.
                }
              });
      await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(10))
          .until(() -> written[0], sent -> sent < 60L * mebibyte.length);
      assertThat(writer.isAlive()).isTrue();
    }
  }

  private static ProbeRequest payload(int bytes) {
    return ProbeRequest.newBuilder().setPayload(ByteString.copyFrom(new byte[bytes])).build();
  }

  private static byte[] text(String text) {
    return ProbeRequest.newBuilder().setText(text).build().toByteArray();
  }

  private static byte[] framed(ProbeRequest request) {
    return Envelopes.of(0, request.toByteArray());
  }

  private static byte[] plain(byte[] text) {
    return new Base64Stream().decode(Unpooled.wrappedBuffer(text));
  }

  private static HttpRequest.Builder request(String method, String contentType, byte[] body) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + probe.port + "/probe.v1.Probe/" + method))
        .header("content-type", contentType)
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
