package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.http.LeakCheck;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies in gzip, both ways. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class CompressionTest {
  private static final int LIMIT = 4 << 20;
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static LibraryServer server;

  @BeforeAll
  static void start() {
    server = new LibraryServer();
    server.shelves.put("large", "t".repeat(5000));
    server.shelves.put("small", "t".repeat(500));
  }

  @AfterAll
  static void stop() {
    server.close();
    CLIENT.close();
  }

  /** accept-encoding | whether the answer is compressed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip | true
          x-gzip | true
          GZIP | true
          br, gzip;q=0.8, deflate | true
          * | true
          gzip;q=0.5 | true
          gzip;q=0 | false
          gzip;q=0.5, identity | false
          *;q=0, identity | false
          gzip;q=0, * | false
          br | false
          identity | false
          """)
  void a_large_answer_is_compressed_where_the_client_takes_it(String accepted, boolean compressed)
      throws Exception {
    HttpResponse<byte[]> plain = send(server.request("/shelves/large"));
    HttpResponse<byte[]> response =
        send(server.request("/shelves/large", "accept-encoding", accepted));
    assertThat(response.headers().firstValue("content-encoding").isPresent()).isEqualTo(compressed);
    if (compressed) {
      assertThat(response.body().length).isLessThan(plain.body().length / 10);
      assertThat(unzipped(response.body())).isEqualTo(plain.body());
      assertThat(response.headers().firstValueAsLong("content-length"))
          .hasValue(response.body().length);
    } else {
      assertThat(response.body()).isEqualTo(plain.body());
    }
  }

  @Test
  void a_small_answer_is_not_worth_it() throws Exception {
    HttpResponse<byte[]> response =
        send(server.request("/shelves/small", "accept-encoding", "gzip"));
    assertThat(response.headers().firstValue("content-encoding")).isEmpty();
    assertThat(response.headers().firstValue("vary")).contains("accept, accept-encoding");
  }

  @Test
  void a_compressed_answer_has_a_tag_of_its_own() throws Exception {
    HttpResponse<byte[]> response =
        send(server.request("/shelves/large", "accept-encoding", "gzip"));
    String tag = response.headers().firstValue("etag").orElseThrow();
    assertThat(tag).endsWith("--gzip\"");
    HttpRequest.Builder again =
        server.request("/shelves/large", "accept-encoding", "gzip", "if-none-match", tag);
    assertThat(send(again).statusCode()).isEqualTo(304);
    HttpRequest.Builder write =
        server
            .request("/shelves/large", "if-match", tag)
            .method("PATCH", BodyPublishers.ofString("{\"theme\":\"" + "t".repeat(5000) + "\"}"));
    assertThat(send(write).statusCode()).isEqualTo(200);
  }

  @Test
  void a_compressed_request_is_read() throws Exception {
    byte[] json = "{\"reader\":\"r\"}".getBytes(UTF_8);
    for (String name : new String[] {"gzip", "x-gzip", "GZip"}) {
      HttpResponse<byte[]> response = send(lend(name, zipped(json)));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(new String(response.body(), UTF_8)).isEqualTo("{\"id\":\"1\",\"reader\":\"r\"}");
    }
    assertThat(send(lend("identity", json)).statusCode()).isEqualTo(200);
  }

  @Test
  void what_is_no_gzip_is_400() throws Exception {
    byte[] whole = zipped("{\"reader\":\"r\"}".getBytes(UTF_8));
    assertThat(send(lend("gzip", "{}".getBytes(UTF_8))).statusCode()).isEqualTo(400);
    byte[] cut = Arrays.copyOf(whole, whole.length - 4);
    assertThat(send(lend("gzip", cut)).statusCode()).isEqualTo(400);
    whole[whole.length - 6] ^= 1;
    assertThat(send(lend("gzip", whole)).statusCode()).isEqualTo(400);
  }

  @Test
  void a_bomb_is_inflated_to_the_limit_only() throws Exception {
    byte[] bomb = zipped(new byte[200 << 20]);
    assertThat(bomb.length).isLessThan(LIMIT);
    HttpResponse<byte[]> response = send(lend("gzip", bomb));
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(new String(response.body(), UTF_8))
        .contains("request body too large (expected: <= 4194304 bytes)");
  }

  @Test
  void the_limit_holds_for_what_is_sent_as_well() throws Exception {
    byte[] noise = new byte[LIMIT + 100_000];
    new Random(1).nextBytes(noise);
    assertThat(send(lend("gzip", zipped(noise))).statusCode()).isEqualTo(413);
  }

  @Test
  void each_message_of_a_compressed_stream_can_be_read_at_once() throws Exception {
    try (LibraryServer own = new LibraryServer()) {
      own.library.pauseBefore = 2;
      HttpResponse<InputStream> response =
          CLIENT.send(
              own.request("/books:watch?count=3", "accept-encoding", "gzip").build(),
              BodyHandlers.ofInputStream());
      assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
      try (InputStream in = new GZIPInputStream(response.body())) {
        String two = "{\"result\":{\"id\":\"b0\"}}\n{\"result\":{\"id\":\"b1\"}}\n";
        assertThat(new String(in.readNBytes(two.length()), UTF_8)).isEqualTo(two);
        own.library.goOn.countDown();
        assertThat(new String(in.readAllBytes(), UTF_8))
            .isEqualTo("{\"result\":{\"id\":\"b2\"}}\n{\"end\":{}}\n");
      }
    }
  }

  private static HttpRequest.Builder lend(String encoding, byte[] body) {
    return server
        .request("/books/1:lend", "content-encoding", encoding)
        .POST(BodyPublishers.ofByteArray(body));
  }

  private static byte[] zipped(byte[] plain) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(plain);
    }
    return zipped.toByteArray();
  }

  private static byte[] unzipped(byte[] zipped) throws IOException {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      return in.readAllBytes();
    }
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }
}
