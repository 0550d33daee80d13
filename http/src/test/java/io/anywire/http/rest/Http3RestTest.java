package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.http.Protocols;
import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.http.tls.ServerFiles;
import io.anywire.http.tls.ServerTls;
import io.anywire.testing.Certificates;
import io.anywire.testing.Http3Call;
import io.anywire.testing.Http3Client;
import io.anywire.wire.Services;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** REST by its routes over HTTP/3. */
@Timeout(60)
class Http3RestTest {
  private static final byte[] NOTHING = {};
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  @TempDir private Path folder;
  private HttpServer server;
  private Http3Client client;

  @BeforeEach
  void start() {
    Certificates certificates = Certificates.in(folder);
    Certificates.Issued own = certificates.issue("server");
    ServerTls tls =
        ServerTls.open(new ServerFiles(own.certificate(), own.key(), Optional.empty(), true));
    Services services =
        Services.of(List.of(new LibraryService()), List.of(new LibraryService.Echo()));
    server =
        HttpServer.start(
            new InetSocketAddress("127.0.0.1", 0),
            HttpLimits.DEFAULT,
            Optional.of(tls),
            Protocols.of(services, new RestOptions(4 << 20, false, Duration.ofSeconds(15)), false));
    client =
        Http3Client.connect(server.address().getPort(), certificates.authority(), Optional.empty());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void what_was_posted_can_be_got() throws Exception {
    Http3Call created =
        client.send("POST", "/books", JSON, "{\"id\":\"1\",\"title\":\"T\"}".getBytes(UTF_8));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("location")).isEqualTo("/books/1");

    Http3Call got = client.send("GET", "/books/1", Map.of(), NOTHING);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.text()).isEqualTo("{\"id\":\"1\",\"title\":\"T\"}");
    assertThat(client.send("HEAD", "/books/1", Map.of(), NOTHING).body()).isEmpty();
  }

  @Test
  void a_stream_is_a_line_for_each_message_and_an_end() throws Exception {
    Http3Call stream = client.send("GET", "/books:watch?count=2", Map.of(), NOTHING);
    assertThat(stream.header("content-type")).isEqualTo("application/x-ndjson");
    assertThat(stream.text())
        .isEqualTo("{\"result\":{\"id\":\"b0\"}}\n{\"result\":{\"id\":\"b1\"}}\n{\"end\":{}}\n");
  }

  @Test
  void a_refusal_is_a_problem() throws Exception {
    Http3Call missing = client.send("GET", "/books/none", Map.of(), NOTHING);
    assertThat(missing.status()).isEqualTo(404);
    assertThat(missing.header("content-type")).isEqualTo("application/problem+json");
    assertThat(missing.text()).contains("\"code\":\"NOT_FOUND\"");
    assertThat(client.send("PATCH", "/books", JSON, NOTHING).status()).isEqualTo(405);
  }
}
