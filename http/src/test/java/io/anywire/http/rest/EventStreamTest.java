package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.http.LeakCheck;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams of responses as Server-Sent Events. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class EventStreamTest {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private LibraryServer server;

  @BeforeEach
  void start() {
    server = new LibraryServer(new RestOptions(4 << 20, false, Duration.ofMillis(50)));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void each_message_is_an_event_and_the_end_is_one_too() throws Exception {
    HttpResponse<String> response = send(events("/books:watch?count=2").header("x-echo", "e"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    assertThat(response.headers().firstValue("cache-control")).contains("no-store");
    assertThat(response.headers().firstValue("x-served")).contains("yes");
    assertThat(events(response))
        .isEqualTo(
            """
            data: {"id":"b0"}

            data: {"id":"b1"}

            event: end
            id: end
            data: {"trailers":{"x-echo":["e"]}}

            """);
  }

  @Test
  void an_error_in_mid_stream_is_an_event_with_the_problem() throws Exception {
    HttpResponse<String> response = send(events("/books:watch?count=3&failAfter=1"));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(events(response))
        .startsWith("data: {\"id\":\"b0\"}\n\nevent: error\nretry: 500\ndata: {\"type\":")
        .contains("\"status\":409,")
        .contains("\"code\":\"ABORTED\"")
        .endsWith("}\n\n");
  }

  @Test
  void an_error_before_the_first_event_has_its_status() throws Exception {
    HttpResponse<String> response = send(events("/books:watch?count=x"));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
  }

  @Test
  void a_client_that_has_seen_the_end_is_told_to_stop() throws Exception {
    HttpResponse<String> response =
        send(events("/books:watch?count=2").header("last-event-id", "end"));
    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void a_quiet_stream_says_that_it_is_alive() throws Exception {
    server.library.pauseBefore = 0;
    HttpResponse<InputStream> response =
        client.send(events("/books:watch?count=1").build(), BodyHandlers.ofInputStream());
    BufferedReader in = reader(response.body());
    for (int i = 0; i < 3; i++) {
      assertThat(in.readLine()).isEqualTo(":");
      assertThat(in.readLine()).isEmpty();
    }
    server.library.goOn.countDown();
    assertThat(in.lines().filter(line -> line.startsWith("data: ")).toList())
        .containsExactly("data: {\"id\":\"b0\"}", "data: {}");
  }

  @Test
  void events_are_compressed_one_by_one() throws Exception {
    server.library.pauseBefore = 1;
    HttpResponse<InputStream> response =
        client.send(
            events("/books:watch?count=2").header("accept-encoding", "gzip, deflate, br").build(),
            BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
    InputStream in = new GZIPInputStream(response.body());
    String first = "data: {\"id\":\"b0\"}\n\n";
    assertThat(new String(in.readNBytes(first.length()), UTF_8)).isEqualTo(first);
    server.library.goOn.countDown();
    assertThat(reader(in).lines().filter(line -> line.startsWith("data: ")).toList())
        .containsExactly("data: {\"id\":\"b1\"}", "data: {}");
  }

  @Test
  void a_client_that_goes_away_ends_the_heartbeat_and_the_call() throws Exception {
    server.library.pauseBefore = 1;
    HttpResponse<InputStream> response =
        client.send(events("/books:watch?count=2").build(), BodyHandlers.ofInputStream());
    assertThat(reader(response.body()).readLine()).isEqualTo("data: {\"id\":\"b0\"}");
    response.body().close();
    await().until(() -> server.engine().inFlight() == 0);
    server.library.goOn.countDown();
    assertThat(server.library.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void head_does_not_wait_for_the_stream() throws Exception {
    server.library.pauseBefore = 1;
    HttpResponse<String> response =
        send(events("/books:watch?count=2").method("HEAD", BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    server.library.goOn.countDown();
    await().until(() -> server.engine().inFlight() == 0);
  }

  private HttpRequest.Builder events(String path) {
    return server.request(path, "accept", "text/event-stream");
  }

  /** Without the heartbeats. */
  private static String events(HttpResponse<String> response) {
    return response.body().replace(":\n\n", "");
  }

  private static BufferedReader reader(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, UTF_8));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
