package io.anywire.http.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.http.Envelopes;
import io.anywire.http.Envelopes.Envelope;
import io.anywire.http.LeakCheck;
import io.anywire.http.ProbeHandler;
import io.anywire.http.RunningProbe;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import java.io.ByteArrayInputStream;
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
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the Connect protocol says of bytes and headers, spoken by a plain HTTP client. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class ConnectProtocolTest {
  private static final String JSON = "application/json";
  private static final String PROTO = "application/proto";
  private static final String JSON_STREAM = "application/connect+json";
  private static final String PROTO_STREAM = "application/connect+proto";
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
  void a_unary_call_is_plain_http(Version version) throws Exception {
    HttpResponse<byte[]> json = post("Unary", JSON, "{\"text\":\"hi\"}", version);
    assertThat(json.version()).isEqualTo(version);
    assertThat(json.statusCode()).isEqualTo(200);
    assertThat(header(json, "content-type")).isEqualTo(JSON);
    assertThat(text(json)).isEqualTo("{\"text\":\"hi\",\"number\":1}");
    HttpResponse<byte[]> proto =
        send(request("Unary", PROTO, probe("hi").toByteArray()).version(version));
    assertThat(header(proto, "content-type")).isEqualTo(PROTO);
    assertThat(ProbeReply.parseFrom(proto.body()).getText()).isEqualTo("hi");
  }

  @Test
  void json_is_taken_by_other_spellings_and_ignores_what_is_not_known() throws Exception {
    assertThat(text(post("Unary", "Application/JSON; charset=UTF-8", "{\"later\":1}")))
        .isEqualTo("{\"number\":1}");
    assertThat(text(post("Unary", JSON, ""))).isEqualTo("{\"number\":1}");
    HttpRequest.Builder untyped =
        HttpRequest.newBuilder(uri("Unary")).POST(BodyPublishers.ofString("{\"text\":\"x\"}"));
    assertThat(text(send(untyped))).contains("\"text\":\"x\"");
  }

  /** The number of the code | its name | its HTTP status. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 | canceled | 499
          2 | unknown | 500
          3 | invalid_argument | 400
          4 | deadline_exceeded | 504
          5 | not_found | 404
          6 | already_exists | 409
          7 | permission_denied | 403
          8 | resource_exhausted | 429
          9 | failed_precondition | 400
          10 | aborted | 409
          11 | out_of_range | 400
          12 | unimplemented | 501
          13 | internal | 500
          14 | unavailable | 503
          15 | data_loss | 500
          16 | unauthenticated | 401
          """)
  void an_error_is_json_whatever_the_codec(int code, String name, int status) throws Exception {
    ProbeRequest failing = ProbeRequest.newBuilder().setText("no").setCode(code).build();
    HttpResponse<byte[]> response = send(request("Unary", PROTO, failing.toByteArray()));
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(header(response, "content-type")).isEqualTo(JSON);
    String bytes = Base64.getEncoder().withoutPadding().encodeToString(failing.toByteArray());
    assertThat(text(response))
        .startsWith("{\"code\":\"" + name + "\",\"message\":\"no\",\"details\":[{\"type\":")
        .contains("\"type\":\"probe.v1.ProbeRequest\",\"value\":\"" + bytes + "\",\"debug\":{")
        .contains("\"text\":\"no\"");
    List<Envelope> envelopes =
        Envelopes.in(
            send(request("ServerStream", PROTO_STREAM, Envelopes.of(0, failing.toByteArray())))
                .body());
    assertThat(envelopes).hasSize(1);
    assertThat(envelopes.getFirst().flags()).isEqualTo(2);
    assertThat(envelopes.getFirst().text())
        .startsWith("{\"error\":{\"code\":\"" + name + "\",\"message\":\"no\"");
  }

  @Test
  void what_does_not_fit_is_an_invalid_argument() throws Exception {
    for (String bad : List.of("{\"text\":5}", "{\"text\"", "[]", "\"x\"")) {
      HttpResponse<byte[]> response = post("Unary", JSON, bad);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(text(response)).contains("\"code\":\"invalid_argument\"");
    }
    HttpResponse<byte[]> proto = send(request("Unary", PROTO, new byte[] {-1, -1}));
    assertThat(text(proto)).contains("\"code\":\"invalid_argument\"");
    HttpResponse<byte[]> crash = post("Unary", JSON, "{\"code\":99}");
    assertThat(crash.statusCode()).isEqualTo(500);
    assertThat(text(crash)).contains("internal error").doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Unary | text/plain | application/json, application/proto
          Unary | application/xml | application/json, application/proto
          Unary | application/connect+json | application/json, application/proto
          ServerStream | application/json | application/connect+json, application/connect+proto
          Bidi | application/connect+thrift | application/connect+json, application/connect+proto
          """)
  void another_media_type_is_415_with_those_that_fit(String method, String type, String accepted)
      throws Exception {
    HttpResponse<byte[]> response = post(method, type, "{}");
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(header(response, "accept-post")).isEqualTo(accepted);
    assertThat(text(response)).contains(type);
  }

  @Test
  void another_verb_is_405_with_those_that_fit() throws Exception {
    for (String verb : List.of("GET", "PUT", "DELETE")) {
      HttpResponse<byte[]> response =
          send(HttpRequest.newBuilder(uri("Unary")).method(verb, BodyPublishers.noBody()));
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(header(response, "allow")).isEqualTo("OPTIONS, POST");
    }
    HttpResponse<byte[]> options =
        send(HttpRequest.newBuilder(uri("Read")).method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(header(options, "allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
    assertThat(post("Nothing", JSON, "{}").statusCode()).isEqualTo(404);
  }

  /** Value of the header | code of the call. */
  @ParameterizedTest
  @CsvSource({
    "50,deadline_exceeded",
    "0,deadline_exceeded",
    "9999999999,",
    "00000000050,invalid_argument",
    "soon,invalid_argument",
    "-1,invalid_argument",
    "1.5,invalid_argument",
  })
  void the_timeout_is_in_milliseconds(String timeout, String code) throws Exception {
    byte[] wait = ("{\"wait\":" + "deadline_exceeded".equals(code) + "}").getBytes(UTF_8);
    String unary = text(send(request("Unary", JSON, wait).header("connect-timeout-ms", timeout)));
    byte[] stream =
        send(request("ServerStream", JSON_STREAM, Envelopes.of(0, wait))
                .header("connect-timeout-ms", timeout))
            .body();
    String end = Envelopes.in(stream).getLast().text();
    if (code == null) {
      assertThat(unary).isEqualTo("{\"number\":1}");
      assertThat(end).isEqualTo("{}");
    } else {
      assertThat(unary).contains("\"code\":\"" + code + "\"");
      assertThat(end).contains("{\"error\":{\"code\":\"" + code + "\"");
    }
  }

  @Test
  void the_version_is_checked_where_it_is_said() throws Exception {
    HttpRequest.Builder one = request("Unary", JSON, new byte[0]);
    assertThat(send(one.copy().header("connect-protocol-version", "1")).statusCode())
        .isEqualTo(200);
    HttpResponse<byte[]> two = send(one.copy().header("connect-protocol-version", "2"));
    assertThat(two.statusCode()).isEqualTo(400);
    assertThat(text(two)).contains("connect-protocol-version: 2 (expected: 1)");
  }

  @Test
  void a_server_may_require_the_version() throws Exception {
    try (Anywire anywire = Anywire.builder().build();
        AnywireServer server =
            anywire
                .server()
                .service(new ProbeHandler())
                .listen("http://127.0.0.1:0?require-connect-version=on")
                .start()) {
      String base = "http://127.0.0.1:" + server.urls().getFirst().host().port();
      HttpRequest.Builder call =
          HttpRequest.newBuilder(URI.create(base + "/probe.v1.Probe/Unary"))
              .header("content-type", JSON)
              .POST(BodyPublishers.ofString("{}"));
      assertThat(send(call.copy()).statusCode()).isEqualTo(400);
      assertThat(send(call.copy().header("connect-protocol-version", "1")).statusCode())
          .isEqualTo(200);
      String read = base + "/probe.v1.Probe/Read?encoding=json&message=%7B%7D";
      assertThat(send(HttpRequest.newBuilder(URI.create(read))).statusCode()).isEqualTo(400);
      assertThat(send(HttpRequest.newBuilder(URI.create(read + "&connect=v1"))).statusCode())
          .isEqualTo(200);
    }
    try (Anywire anywire = Anywire.builder().build()) {
      assertThatThrownBy(() ->
              anywire.server().listen("http://127.0.0.1:0?require-connect-version=maybe").start())
          .hasMessageContaining("require-connect-version");
    }
  }

  // GET.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          connect=v1&encoding=json&message=%7B%22text%22%3A%22h%C3%A9%22%7D | 200 | "text":"hé"
          message=%7B%22text%22:%22a+b%22%7D&encoding=json&later=1 | 200 | "text":"a b"
          encoding=json&message= | 200 | {"number":1}
          encoding=json&base64=1&message=eyJ0ZXh0IjoieCJ9 | 200 | "text":"x"
          encoding=json&base64=1&message=eyJ0ZXh0IjoieHkifQ%3D%3D | 200 | "text":"xy"
          encoding=json&base64=1&message=eyJ0ZXh0IjoieHkifQ | 200 | "text":"xy"
          encoding=json&base64=0&message=%7B%7D | 200 | {"number":1}
          encoding=json&base64=1&message=*** | 400 | not base64
          encoding=json&message=%7B | 400 | invalid_argument
          encoding=json&message=%zz | 400 | malformed
          encoding=json | 400 | no message
          message=%7B%7D | 400 | no encoding
          encoding=xml&message=%7B%7D | 415 | encoding: xml
          connect=v2&encoding=json&message=%7B%7D | 400 | connect: v2 (expected: v1)
          encoding=json&message=%7B%7D&compression=br | 501 | identity or gzip
          encoding=json&message=%7B%22code%22:5%7D | 404 | "code":"not_found"
          """)
  void a_call_without_side_effects_goes_by_get(String query, int status, String expected)
      throws Exception {
    String answer = get("/probe.v1.Probe/Read?" + query);
    assertThat(answer).startsWith("HTTP/1.1 " + status).contains(expected);
  }

  @Test
  void a_get_may_be_compressed_and_binary() throws Exception {
    String message =
        Base64.getUrlEncoder().withoutPadding().encodeToString(gzip(probe("zip").toByteArray()));
    HttpRequest.Builder get =
        HttpRequest.newBuilder(
            URI.create(
                uri("Read") + "?encoding=proto&base64=1&compression=gzip&message=" + message));
    HttpResponse<byte[]> response = send(get);
    assertThat(header(response, "content-type")).isEqualTo(PROTO);
    assertThat(header(response, "vary")).isEqualTo("accept-encoding");
    assertThat(ProbeReply.parseFrom(response.body()).getText()).isEqualTo("zip");
    HttpResponse<byte[]> head = send(get.method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  // Compression.

  @Test
  void requests_and_responses_are_compressed_by_agreement() throws Exception {
    byte[] large = ("{\"text\":\"" + "x".repeat(5000) + "\"}").getBytes(UTF_8);
    HttpRequest.Builder zipped =
        request("Unary", JSON, gzip(large)).header("content-encoding", "gzip");
    HttpResponse<byte[]> same = send(zipped.copy());
    assertThat(header(same, "content-encoding")).isEqualTo("gzip");
    assertThat(gunzip(same.body())).contains("xxxx");
    HttpResponse<byte[]> plain = send(zipped.copy().header("accept-encoding", "identity"));
    assertThat(header(plain, "content-encoding")).isEmpty();
    HttpRequest.Builder accepting = request("Unary", JSON, large);
    HttpResponse<byte[]> asked = send(accepting.copy().header("accept-encoding", "br, gzip"));
    assertThat(header(asked, "content-encoding")).isEqualTo("gzip");
    HttpResponse<byte[]> refused = send(accepting.copy().header("accept-encoding", "gzip;q=0"));
    assertThat(header(refused, "content-encoding")).isEmpty();
    HttpResponse<byte[]> small =
        send(request("Unary", JSON, new byte[0]).header("accept-encoding", "gzip"));
    assertThat(header(small, "content-encoding")).isEmpty();
    HttpResponse<byte[]> none =
        send(request("Unary", JSON, new byte[0]).header("content-encoding", "gzip"));
    assertThat(none.statusCode()).isEqualTo(200);
  }

  @Test
  void an_unknown_or_broken_compression_is_told() throws Exception {
    HttpResponse<byte[]> unknown =
        send(request("Unary", JSON, new byte[1]).header("content-encoding", "br"));
    assertThat(unknown.statusCode()).isEqualTo(501);
    assertThat(text(unknown)).contains("unimplemented").contains("identity or gzip");
    HttpResponse<byte[]> broken =
        send(request("Unary", JSON, new byte[] {1, 2}).header("content-encoding", "gzip"));
    assertThat(broken.statusCode()).isEqualTo(400);
    HttpResponse<byte[]> bomb =
        send(
            request("Unary", JSON, gzip(new byte[(4 << 20) + 1]))
                .header("content-encoding", "gzip"));
    assertThat(bomb.statusCode()).isEqualTo(429);
    byte[] stream =
        send(request("ServerStream", JSON_STREAM, Envelopes.of(0, "{}".getBytes(UTF_8)))
                .header("connect-content-encoding", "zstd"))
            .body();
    assertThat(Envelopes.in(stream).getFirst().text())
        .contains("unimplemented")
        .contains("identity or gzip");
  }

  @Test
  void a_request_over_the_limit_is_resource_exhausted() throws Exception {
    HttpResponse<byte[]> response = send(request("Unary", PROTO, new byte[(4 << 20) + 1]));
    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(text(response)).contains("\"code\":\"resource_exhausted\"").contains("4194304");
  }

  // Streams.

  @ParameterizedTest
  @EnumSource(Version.class)
  void a_stream_is_envelopes_and_an_end(Version version) throws Exception {
    byte[] three = Envelopes.of(0, "{\"text\":\"s\",\"count\":3}".getBytes(UTF_8));
    HttpResponse<byte[]> json = send(request("ServerStream", JSON_STREAM, three).version(version));
    assertThat(json.statusCode()).isEqualTo(200);
    assertThat(header(json, "content-type")).isEqualTo(JSON_STREAM);
    assertThat(Envelopes.in(json.body()))
        .extracting(Envelope::text)
        .containsExactly(
            "{\"text\":\"s\",\"number\":1}",
            "{\"text\":\"s\",\"number\":2}",
            "{\"text\":\"s\",\"number\":3}",
            "{}");
    assertThat(Envelopes.in(json.body())).extracting(Envelope::flags).containsExactly(0, 0, 0, 2);
    ProbeRequest two = ProbeRequest.newBuilder().setCount(2).build();
    List<Envelope> proto =
        Envelopes.in(
            send(request("ServerStream", PROTO_STREAM, Envelopes.of(0, two.toByteArray()))
                    .version(version))
                .body());
    assertThat(ProbeReply.parseFrom(proto.get(1).message()).getNumber()).isEqualTo(2);
    assertThat(proto.getLast().text()).isEqualTo("{}");
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void streams_of_requests_come_over_any_version_of_http(Version version) throws Exception {
    byte[] two =
        Envelopes.joined(
            Envelopes.of(0, "{\"text\":\"a\"}".getBytes(UTF_8)),
            Envelopes.of(0, "{\"text\":\"b\"}".getBytes(UTF_8)));
    List<Envelope> once =
        Envelopes.in(send(request("ClientStream", JSON_STREAM, two).version(version)).body());
    assertThat(once)
        .extracting(Envelope::text)
        .containsExactly("{\"text\":\"ab\",\"number\":2}", "{}");
    List<Envelope> each =
        Envelopes.in(send(request("Bidi", JSON_STREAM, two).version(version)).body());
    assertThat(each).hasSize(3);
    List<Envelope> none =
        Envelopes.in(send(request("Bidi", JSON_STREAM, new byte[0]).version(version)).body());
    assertThat(none).extracting(Envelope::text).containsExactly("{}");
  }

  @Test
  void an_error_after_messages_is_in_the_end() throws Exception {
    byte[] failing = Envelopes.of(0, "{\"text\":\"no\",\"count\":2,\"code\":14}".getBytes(UTF_8));
    List<Envelope> envelopes =
        Envelopes.in(send(request("ServerStream", JSON_STREAM, failing)).body());
    assertThat(envelopes).hasSize(3);
    assertThat(envelopes.getLast().text())
        .startsWith("{\"error\":{\"code\":\"unavailable\",\"message\":\"no\",\"details\":[");
  }

  @Test
  void messages_of_a_stream_are_compressed_one_by_one() throws Exception {
    byte[] zipped = Envelopes.of(1, gzip("{\"text\":\"z\",\"count\":1}".getBytes(UTF_8)));
    HttpResponse<byte[]> response =
        send(
            request("ServerStream", JSON_STREAM, zipped)
                .header("connect-content-encoding", "gzip"));
    assertThat(header(response, "connect-accept-encoding")).isEqualTo("gzip");
    assertThat(Envelopes.in(response.body()).getFirst().text()).contains("\"text\":\"z\"");
  }

  /** Flags | content | bytes that are announced besides | code of the call. */
  @ParameterizedTest
  @CsvSource({
    "0,{},1,internal",
    "1,{},0,internal",
    "2,{},0,internal",
    "4,{},0,internal",
    "0,{,0,invalid_argument",
    "0,[],0,invalid_argument",
    "0,{},5000000,resource_exhausted",
    "0,{},-3,resource_exhausted",
  })
  void a_malformed_envelope_ends_its_call_only(int flags, String content, int more, String code)
      throws Exception {
    byte[] envelope = Envelopes.of(flags, content.getBytes(UTF_8));
    ByteBuffer.wrap(envelope).putInt(1, content.length() + more);
    for (String method : List.of("ServerStream", "ClientStream", "Bidi")) {
      List<Envelope> envelopes = Envelopes.in(send(request(method, JSON_STREAM, envelope)).body());
      assertThat(envelopes).hasSize(1);
      assertThat(envelopes.getFirst().flags()).isEqualTo(2);
      assertThat(envelopes.getFirst().text()).contains("\"code\":\"" + code + "\"");
    }
    assertThat(post("Unary", JSON, "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void a_stream_of_one_request_needs_exactly_one() throws Exception {
    byte[] one = Envelopes.of(0, "{}".getBytes(UTF_8));
    for (byte[] body : List.of(new byte[0], Envelopes.joined(one, one))) {
      List<Envelope> envelopes =
          Envelopes.in(send(request("ServerStream", JSON_STREAM, body)).body());
      assertThat(envelopes).hasSize(1);
      assertThat(envelopes.getFirst().text()).contains("\"code\":\"internal\"");
    }
  }

  @Test
  void metadata_are_headers_and_must_be_base64_where_they_say_so() throws Exception {
    HttpRequest.Builder bad = request("Unary", JSON, new byte[0]).header("x-data-bin", "***");
    assertThat(send(bad).statusCode()).isEqualTo(400);
    HttpRequest.Builder stream =
        request("ServerStream", JSON_STREAM, Envelopes.of(0, "{}".getBytes(UTF_8)))
            .header("x-data-bin", "***");
    assertThat(Envelopes.in(send(stream).body()).getFirst().text()).contains("invalid_argument");
  }

  private static ProbeRequest probe(String text) {
    return ProbeRequest.newBuilder().setText(text).build();
  }

  private static URI uri(String method) {
    return URI.create("http://127.0.0.1:" + probe.port + "/probe.v1.Probe/" + method);
  }

  private static HttpRequest.Builder request(String method, String contentType, byte[] body) {
    return HttpRequest.newBuilder(uri(method))
        .header("content-type", contentType)
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static HttpResponse<byte[]> post(String method, String contentType, String body)
      throws Exception {
    return send(request(method, contentType, body.getBytes(UTF_8)));
  }

  private static HttpResponse<byte[]> post(
      String method, String contentType, String body, Version version) throws Exception {
    return send(request(method, contentType, body.getBytes(UTF_8)).version(version));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  /** Sends a request line as it is, which an HTTP client would not let pass. */
  private static String get(String target) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", probe.port)) {
      String request = "GET " + target + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
      gzip.write(plain);
    }
    return small.toByteArray();
  }

  private static String gunzip(byte[] small) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(small))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
