package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.http.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What any HTTP client sees. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class RestServerTest {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static LibraryServer server;

  @BeforeAll
  static void start() {
    server = new LibraryServer();
  }

  @AfterAll
  static void stop() {
    server.close();
    CLIENT.close();
  }

  /** verb | path and query | request body | status | a part of the response's body. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PUT | /books/7 | {"title":"T"} | 200 | {"book":{"id":"7","title":"T"}}
          PUT | /books/7 | {"id":"8","title":"T"} | 200 | {"book":{"id":"7","title":"T"}}
          PUT | /books/7?updateMask=title | {"title":"T"} | 200 | "updateMask":"title"
          PATCH | /books/7 | {"id":"7","title":"","author":{"born_in":1}} | 200 | "updateMask":"title,author.bornIn"
          PATCH | /books/7?updateMask=pages | {"title":"T"} | 200 | "updateMask":"pages"
          PATCH | /books/7 | `` | 200 | {"book":{"id":"7"}}
          DELETE | /books/7 | `` | 200 | {}
          POST | /books/a%2Fb:lend | {"reader":"r"} | 200 | {"id":"a/b","reader":"r"}
          POST | /books/1:lend | `` | 200 | {"id":"1"}
          POST | /books/1:lend | {"attachment":{"@type":"x/anywire.http.rest.Book","id":"9"}} | 200 | "attachment":{"@type":"x/anywire.http.rest.Book","id":"9"}
          POST | /probe | {"text":"hé"} | 200 | "text":"hé"
          GET | /books?pageSize=5&tags=a&tags=b+c&genre=POETRY | `` | 200 | {"asked":{"pageSize":5,"tags":["a","b c"],"genre":"POETRY"}}
          GET | /books?page_size=5&author.bornIn=1900&author.name=%C3%A9 | `` | 200 | {"asked":{"pageSize":5,"author":{"name":"é","bornIn":1900}}}
          GET | /books?since=2026-01-31T10:15:30Z&note=n&edition=0&genres=1 | `` | 200 | {"asked":{"since":"2026-01-31T10:15:30Z","note":"n","edition":"0","genres":["POETRY"]}}
          GET | /books | `` | 200 | {"asked":{}}
          GET | /books?color=red | `` | 400 | "detail":"color: unknown query parameter
          GET | /books?pageSize=many | `` | 400 | "field":"pageSize"
          GET | /books?pageSize=1&page_size=2 | `` | 400 | given twice
          GET | /books?labels=x | `` | 400 | "field":"labels"
          GET | /books?author=x | `` | 400 | "field":"author"
          GET | /books/1?id=2 | `` | 400 | the path binds this field
          POST | /books?book.title=x | {"id":"1"} | 400 | the body carries this field
          POST | /books/1:lend?reader=x | {} | 400 | the body is the whole request
          GET | /books?note=%FF | `` | 400 | malformed
          GET | /books?note=%EF%BF%BD | `` | 200 | "note":"�"
          GET | /books | {} | 400 | a body of 2 bytes
          POST | /books | {"titel":"x"} | 400 | "field":"book.titel"
          POST | /books | {"pages":"x"} | 400 | "field":"book.pages"
          POST | /books | {"title" | 400 | "code":"INVALID_ARGUMENT"
          POST | /books | {} | 400 | "fieldViolations":[{"field":"book.title","description":"empty (expected: a title)"}]
          GET | /books/none | `` | 404 | {"type":"about:blank","title":"Not Found","status":404,"detail":"no book none","code":"NOT_FOUND"}
          GET | /nothing | `` | 404 | "code":"UNIMPLEMENTED"
          GET | /books/ | `` | 404 | "code":"UNIMPLEMENTED"
          POST | /anywire.http.rest.Library/Nothing | {} | 404 | "code":"UNIMPLEMENTED"
          PUT | /books | {} | 405 | "code":"UNIMPLEMENTED"
          GET | /probe | `` | 405 | "code":"UNIMPLEMENTED"
          POST | /books:import | {} | 501 | takes a stream
          POST | /probe | {"code":1} | 499 | "code":"CANCELLED"
          POST | /probe | {"code":2} | 500 | "code":"UNKNOWN"
          POST | /probe | {"code":3} | 400 | "code":"INVALID_ARGUMENT"
          POST | /probe | {"code":4} | 504 | "code":"DEADLINE_EXCEEDED"
          POST | /probe | {"code":6} | 409 | "code":"ALREADY_EXISTS"
          POST | /probe | {"code":7} | 403 | "code":"PERMISSION_DENIED"
          POST | /probe | {"code":8} | 429 | "code":"RESOURCE_EXHAUSTED"
          POST | /probe | {"code":9} | 400 | "code":"FAILED_PRECONDITION"
          POST | /probe | {"code":10} | 409 | "code":"ABORTED"
          POST | /probe | {"code":11} | 400 | "code":"OUT_OF_RANGE"
          POST | /probe | {"code":12} | 501 | "code":"UNIMPLEMENTED"
          POST | /probe | {"code":13} | 500 | "code":"INTERNAL"
          POST | /probe | {"code":14} | 503 | "code":"UNAVAILABLE"
          POST | /probe | {"code":15} | 500 | "code":"DATA_LOSS"
          POST | /probe | {"code":16} | 401 | "code":"UNAUTHENTICATED"
          """)
  void answers(String verb, String target, String body, int status, String expected)
      throws Exception {
    HttpResponse<String> response = send(request(verb, target, body));
    assertThat(response.body()).contains(expected);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type"))
        .contains(status < 300 ? "application/json" : "application/problem+json");
  }

  @Test
  void a_created_resource_is_201_with_its_location() throws Exception {
    HttpResponse<String> response =
        send(request("POST", "/books", "{\"id\":\"a b\",\"title\":\"T\"}"));
    assertThat(response.statusCode()).isEqualTo(201);
    String location = response.headers().firstValue("location").orElseThrow();
    assertThat(location).isEqualTo("/books/a%20b");
    assertThat(send(request("GET", location, "")).body()).isEqualTo(response.body());
    assertThat(send(request("GET", location + "/title", "")).body()).isEqualTo("\"T\"");
    assertThat(send(request("POST", "/books", "{\"id\":\"a b\",\"title\":\"T\"}")).statusCode())
        .isEqualTo(409);
  }

  @Test
  void a_wrong_verb_is_told_the_right_ones() throws Exception {
    HttpResponse<String> response = send(request("PUT", "/books", "{}"));
    assertThat(response.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS, POST");
    HttpResponse<String> options = send(request("OPTIONS", "/books/1", ""));
    assertThat(options.statusCode()).isEqualTo(204);
    assertThat(options.headers().firstValue("allow"))
        .contains("DELETE, GET, HEAD, OPTIONS, PATCH, PUT");
  }

  @Test
  void head_is_get_without_the_body() throws Exception {
    HttpResponse<String> response = send(request("HEAD", "/books?pageSize=1", ""));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValueAsLong("content-length"))
        .hasValue("{\"asked\":{\"pageSize\":1}}".length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json | 200
          Application/JSON; charset=UTF-8 | 200
          application/json;charset="utf-8" | 200
          application/json; charset=latin1 | 415
          application/x-www-form-urlencoded | 415
          application/jsonx | 415
          text/plain | 415
          """)
  void takes_json_in_utf_8_only(String contentType, int status) throws Exception {
    HttpRequest request =
        builder("/books/1:lend")
            .method("POST", BodyPublishers.ofString("{}"))
            .header("content-type", contentType)
            .build();
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).isEqualTo(status);
    if (status == 415) {
      assertThat(response.headers().firstValue("accept").orElseThrow())
          .startsWith("application/json, ");
      assertThat(response.body()).contains(contentType.substring(0, 4));
    }
  }

  @Test
  void a_request_in_an_unknown_encoding_is_415() throws Exception {
    HttpRequest request =
        builder("/books/1:lend")
            .POST(BodyPublishers.ofString("{}"))
            .header("content-encoding", "br")
            .build();
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.headers().firstValue("accept-encoding")).contains("gzip, identity");
  }

  @Test
  void a_body_over_the_limit_is_413_whether_announced_or_not() throws Exception {
    byte[] large = new byte[(4 << 20) + 1];
    HttpRequest announced =
        builder("/books/1:lend").POST(BodyPublishers.ofByteArray(large)).build();
    HttpResponse<String> response = send(announced);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("\"code\":\"RESOURCE_EXHAUSTED\"");
    HttpRequest chunked =
        builder("/books/1:lend")
            .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large)))
            .build();
    assertThat(send(chunked).statusCode()).isEqualTo(413);
  }

  @Test
  void a_body_of_almost_the_limit_is_taken() throws Exception {
    String reader = "r".repeat((4 << 20) - 100);
    HttpResponse<String> response =
        send(request("POST", "/books/1:lend", "{\"reader\":\"" + reader + "\"}"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains(reader);
  }

  @Test
  void metadata_are_headers_both_ways() throws Exception {
    HttpRequest request =
        builder("/books?pageSize=1").header("X-Echo", "e").header("x-echo-bin", "AAE").build();
    HttpResponse<String> response = send(request);
    assertThat(response.headers().firstValue("x-served")).contains("yes");
    assertThat(response.headers().firstValue("trailer-x-echo")).contains("e");
    assertThat(response.headers().firstValue("trailer-x-echo-bin")).contains("AAE");
    HttpRequest bad = builder("/books").header("x-echo-bin", "%").build();
    assertThat(send(bad).statusCode()).isEqualTo(400);
  }

  /** Idempotency-Key | what the handler gets. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "8e03978e-40d5-43dd-bc93-6894a57f9324" | 8e03978e-40d5-43dd-bc93-6894a57f9324
          "a \\"b\\" \\\\" | a "b" \\
          plain-key_1 | plain-key_1
          order 17, line 3 | order 17, line 3
          """)
  void an_idempotency_key_loses_its_quotes(String header, String key) throws Exception {
    HttpRequest request =
        builder("/probe")
            .POST(BodyPublishers.ofString("{}"))
            .header("Idempotency-Key", header)
            .build();
    assertThat(send(request).body())
        .contains("\"idempotency-key\":\"" + key.replace("\\", "\\\\").replace("\"", "\\\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "\"open", "\"a\" \"b\"", "\"\\a\"", "\""})
  void a_malformed_idempotency_key_is_400(String header) throws Exception {
    HttpRequest request =
        builder("/books/1:lend")
            .POST(BodyPublishers.ofString("{}"))
            .header("Idempotency-Key", header)
            .build();
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("idempotency-key: ").contains("expected: a quoted string");
  }

  @Test
  void unknown_fields_and_parameters_are_ignored_where_the_url_says_so() throws Exception {
    try (LibraryServer lenient =
        new LibraryServer(new RestOptions(4 << 20, true, Duration.ofSeconds(15)))) {
      HttpRequest post =
          lenient
              .request("/books/1:lend")
              .POST(BodyPublishers.ofString("{\"reader\":\"r\",\"colour\":\"red\"}"))
              .build();
      assertThat(send(post).body()).isEqualTo("{\"id\":\"1\",\"reader\":\"r\"}");
      HttpRequest get = lenient.request("/books?pageSize=1&utm_source=x").build();
      assertThat(send(get).body()).isEqualTo("{\"asked\":{\"pageSize\":1}}");
    }
  }

  @Test
  void the_server_as_a_whole_has_options() throws Exception {
    try (Socket socket = open("OPTIONS *", "", server)) {
      assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
          .isEqualTo("HTTP/1.1 204");
    }
  }

  @Test
  void the_deadline_is_a_header() throws Exception {
    HttpRequest.Builder probe = builder("/probe");
    HttpRequest hang =
        probe
            .copy()
            .POST(BodyPublishers.ofString("{\"hang\":true}"))
            .header("Grpc-Timeout", "50m")
            .build();
    HttpResponse<String> response = send(hang);
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(response.body()).contains("\"code\":\"DEADLINE_EXCEEDED\"");
    HttpRequest malformed =
        probe.copy().POST(BodyPublishers.ofString("{}")).header("Grpc-Timeout", "soon").build();
    assertThat(send(malformed).statusCode()).isEqualTo(400);
  }

  @Test
  void details_are_json_and_a_retry_delay_is_a_header() throws Exception {
    HttpResponse<String> response =
        send(request("POST", "/probe", "{\"code\":14,\"details\":true}"));
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).contains("1");
    assertThat(response.body())
        .contains("\"detail\":\"\\\"as\\\" asked\\n\"")
        .contains("\"reason\":\"ASKED\"")
        .contains(
            "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"0.500s\"}")
        .contains("{\"@type\":\"type.example.com/nobody.knows.It\",\"@value\":\"CAE=\"}");
  }

  @Test
  void a_stream_is_a_line_for_each_message_and_an_end() throws Exception {
    HttpResponse<String> response = send(request("GET", "/books:watch?count=2", ""));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/x-ndjson");
    assertThat(response.body())
        .isEqualTo("{\"result\":{\"id\":\"b0\"}}\n{\"result\":{\"id\":\"b1\"}}\n{\"end\":{}}\n");
    assertThat(send(request("GET", "/books:watch", "")).body()).isEqualTo("{\"end\":{}}\n");
  }

  @Test
  void a_stream_that_fails_says_so_in_its_last_line() throws Exception {
    HttpRequest request = builder("/books:watch?count=3&failAfter=1").header("x-echo", "e").build();
    String[] lines = send(request).body().split("\n");
    assertThat(lines).hasSize(2);
    assertThat(lines[0]).isEqualTo("{\"result\":{\"id\":\"b0\"}}");
    assertThat(lines[1])
        .startsWith("{\"error\":{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409")
        .endsWith("\"trailers\":{\"x-echo\":[\"e\"]}}}");
  }

  @Test
  void a_client_that_goes_away_cancels_the_call() throws Exception {
    try (LibraryServer own = new LibraryServer()) {
      try (Socket socket = open(own, "POST /probe", "{\"hang\":true}")) {
        assertThat(own.library.cancelled.getCount()).isOne();
      }
      assertThat(own.library.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_query_that_is_not_encoded_is_400() throws Exception {
    try (Socket socket = open("GET /books?note=%zz", "", server)) {
      assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8))
          .isEqualTo("HTTP/1.1 400");
    }
  }

  @Test
  void a_client_that_does_not_read_holds_the_stream_back() throws Exception {
    try (LibraryServer own = new LibraryServer();
        Socket socket = open(own, "GET /books:watch?count=10000&padding=10000", "")) {
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(15), UTF_8)).isEqualTo("HTTP/1.1 200 OK");
      // 100 MB would be sent to a client that reads: this one leaves all but the buffers with us.
      await()
          .during(300, TimeUnit.MILLISECONDS)
          .atMost(10, TimeUnit.SECONDS)
          .until(own.library.sent::get, sent -> sent > 0 && sent < 2000);
    }
  }

  private static Socket open(LibraryServer to, String line, String body) throws IOException {
    Socket socket = open(line, body, to);
    await().until(() -> to.engine().inFlight() == 1);
    return socket;
  }

  private static Socket open(String line, String body, LibraryServer to) throws IOException {
    Socket socket = new Socket("127.0.0.1", to.engine().address().getPort());
    String request =
        line + " HTTP/1.1\r\nhost: x\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  private static HttpRequest request(String verb, String target, String body) {
    return builder(target)
        .method(verb, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }

  private static HttpRequest.Builder builder(String target) {
    return HttpRequest.newBuilder(URI.create(server.url() + target));
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return CLIENT.send(request, BodyHandlers.ofString());
  }
}
