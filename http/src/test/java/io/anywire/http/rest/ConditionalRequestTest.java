package io.anywire.http.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.http.LeakCheck;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions of resources: what caches and careful writers see. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class ConditionalRequestTest {
  private static final String PROTOBUF = "application/x-protobuf";
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

  @Test
  void a_message_with_an_etag_lends_it_to_its_representations() throws Exception {
    String version = server.shelves.put("a", "x").getEtag();
    assertThat(etag(get("/shelves/a"))).isEqualTo("\"" + version + "\"");
    assertThat(etag(get("/shelves/a", "accept", PROTOBUF)))
        .isEqualTo("\"" + version + "--protobuf\"");
    String quoted = server.shelves.put("q", "x").getEtag();
    assertThat(etag(get("/shelves/q"))).isEqualTo(quoted);
  }

  @Test
  void a_message_without_one_is_told_by_its_bytes() throws Exception {
    server.shelves.putSign("s", "one");
    String one = etag(get("/signs/s"));
    assertThat(one).matches("\"[\\w-]{22}\"").isEqualTo(etag(get("/signs/s")));
    assertThat(etag(get("/signs/s", "accept", PROTOBUF))).isNotEqualTo(one);
    server.shelves.putSign("s", "two");
    assertThat(etag(get("/signs/s"))).isNotEqualTo(one);
  }

  @Test
  void what_the_client_has_already_is_304_without_a_body() throws Exception {
    server.shelves.put("b", "x");
    HttpResponse<String> first = get("/shelves/b");
    for (String seen : new String[] {etag(first), "\"zzz\", W/" + etag(first), "*"}) {
      HttpResponse<String> again = get("/shelves/b", "if-none-match", seen);
      assertThat(again.statusCode()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(etag(again)).isEqualTo(etag(first));
      assertThat(again.headers().firstValue("cache-control"))
          .isEqualTo(first.headers().firstValue("cache-control"));
      assertThat(again.headers().firstValue("vary")).contains("accept, accept-encoding");
      assertThat(again.headers().firstValue("content-type")).isEmpty();
    }
    HttpResponse<String> head =
        send(
            server
                .request("/shelves/b", "if-none-match", etag(first))
                .method("HEAD", BodyPublishers.noBody()));
    assertThat(head.statusCode()).isEqualTo(304);
    server.shelves.put("b", "y");
    assertThat(get("/shelves/b", "if-none-match", etag(first)).statusCode()).isEqualTo(200);
    assertThat(get("/shelves/b", "accept", PROTOBUF, "if-none-match", etag(first)).statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_read_of_one_version_is_412_when_it_is_gone() throws Exception {
    server.shelves.put("c", "x");
    String tag = etag(get("/shelves/c"));
    assertThat(get("/shelves/c", "if-match", tag).statusCode()).isEqualTo(200);
    assertThat(get("/shelves/c", "if-match", "W/" + tag).statusCode()).isEqualTo(412);
    assertThat(get("/shelves/c", "if-match", "\"0\"").statusCode()).isEqualTo(412);
  }

  /** path | Cache-Control. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /shelves/d | public, max-age=60, stale-while-revalidate=5
          /signs/d | no-cache
          /secrets/d | no-store
          /shelves/nothing | no-store
          /nothing | no-store
          /books:watch?count=1 | no-store
          """)
  void caches_are_told_what_the_contract_says(String path, String cacheControl) throws Exception {
    server.shelves.put("d", "x");
    server.shelves.putSign("d", "x");
    assertThat(get(path).headers().firstValue("cache-control")).contains(cacheControl);
  }

  @Test
  void an_answer_to_a_write_says_nothing_to_caches() throws Exception {
    HttpResponse<String> response = put("/signs/e", "{\"text\":\"x\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("cache-control")).isEmpty();
    assertThat(response.headers().firstValue("etag")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"f", "q-f"})
  void a_write_for_a_version_goes_through_once(String id) throws Exception {
    server.shelves.put(id, "x");
    String tag = etag(get("/shelves/" + id, "accept", PROTOBUF));
    HttpResponse<String> first = patch(id, "{\"theme\":\"y\"}", "if-match", tag);
    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(server.shelves.lastMask).isEqualTo("theme");
    int writes = server.shelves.writes.get();
    HttpResponse<String> second = patch(id, "{\"theme\":\"z\"}", "if-match", tag);
    assertThat(second.statusCode()).isEqualTo(412);
    assertThat(second.body())
        .contains("\"status\":412")
        .contains("\"code\":\"ABORTED\"")
        .contains("\"reason\":\"ETAG_MISMATCH\"");
    assertThat(server.shelves.writes.get()).isEqualTo(writes);
  }

  @Test
  void the_handler_compares_the_etag_that_the_body_names() throws Exception {
    server.shelves.put("g", "x");
    HttpResponse<String> response = patch("g", "{\"theme\":\"y\",\"etag\":\"0\"}");
    assertThat(response.statusCode()).isEqualTo(412);
    assertThat(response.body()).contains("etag: 0 (expected: ");
    assertThat(server.shelves.lastMask).isEqualTo("theme");
  }

  @Test
  void without_a_route_to_read_the_handler_gets_the_tag_as_it_was_sent() throws Exception {
    String version = server.shelves.put("q-h", "x").getEtag();
    assertThat(post("/shelves/q-h:move", "if-match", version).statusCode()).isEqualTo(200);
    assertThat(post("/shelves/q-h:move", "if-match", "\"0\"").statusCode()).isEqualTo(412);
    String suffixed = version.substring(0, version.length() - 1) + "--protobuf--gzip\"";
    assertThat(post("/shelves/q-h:move", "if-match", suffixed).statusCode()).isEqualTo(200);
  }

  @Test
  void a_resource_without_an_etag_is_compared_by_its_bytes() throws Exception {
    server.shelves.putSign("i", "one");
    String tag = etag(get("/signs/i"));
    String binary = etag(get("/signs/i", "accept", PROTOBUF));
    assertThat(put("/signs/i", "{\"text\":\"two\"}", "if-match", "\"0\"").statusCode())
        .isEqualTo(412);
    assertThat(put("/signs/i", "{\"text\":\"one\"}", "if-match", tag).statusCode()).isEqualTo(200);
    assertThat(put("/signs/i", "{\"text\":\"two\"}", "if-match", binary).statusCode())
        .isEqualTo(200);
    assertThat(put("/signs/i", "{\"text\":\"three\"}", "if-match", tag).statusCode())
        .isEqualTo(412);
    assertThat(get("/signs/i").body()).contains("two");
  }

  @Test
  void what_must_not_or_must_exist_is_told_by_a_star() throws Exception {
    assertThat(put("/signs/j", "{\"text\":\"x\"}", "if-match", "*").statusCode()).isEqualTo(412);
    assertThat(put("/signs/j", "{\"text\":\"x\"}", "if-none-match", "*").statusCode())
        .isEqualTo(200);
    assertThat(put("/signs/j", "{\"text\":\"y\"}", "if-none-match", "*").statusCode())
        .isEqualTo(412);
    assertThat(put("/signs/j", "{\"text\":\"y\"}", "if-match", "*").statusCode()).isEqualTo(200);
  }

  @Test
  void who_may_not_read_learns_nothing_of_the_version() throws Exception {
    server.shelves.putSign("forbidden", "x");
    int writes = server.shelves.writes.get();
    HttpResponse<String> response = put("/signs/forbidden", "{}", "if-none-match", "*");
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(server.shelves.writes.get()).isEqualTo(writes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "\"a\" \"b\"", "\"a", "W/a", "\"a b\"", "*, \"a\""})
  void a_malformed_condition_is_400(String tags) throws Exception {
    server.shelves.putSign("k", "x");
    assertThat(put("/signs/k", "{}", "if-match", tags).statusCode()).isEqualTo(400);
    assertThat(get("/signs/k", "if-none-match", tags).statusCode()).isEqualTo(400);
  }

  @Test
  void a_request_without_conditions_reads_nothing_first() throws Exception {
    server.shelves.putSign("l", "x");
    int reads = server.shelves.reads.get();
    put("/signs/l", "{\"text\":\"y\"}");
    assertThat(server.shelves.reads.get()).isEqualTo(reads);
  }

  private static String etag(HttpResponse<?> response) {
    return response.headers().firstValue("etag").orElseThrow();
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    return send(server.request(path, headers));
  }

  private static HttpResponse<String> put(String path, String body, String... headers)
      throws Exception {
    return send(server.request(path, headers).PUT(BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> patch(String id, String body, String... headers)
      throws Exception {
    return send(
        server.request("/shelves/" + id, headers).method("PATCH", BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> post(String path, String... headers) throws Exception {
    return send(server.request(path, headers).POST(BodyPublishers.ofString("{}")));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }
}
