package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.Anywire;
import io.anywire.call.Threads;
import io.anywire.http.rest.ScriptedServer.Response;
import io.anywire.http.rest.library.Book;
import io.anywire.http.rest.library.CreateBookRequest;
import io.anywire.http.rest.library.GetBookRequest;
import io.anywire.http.rest.library.LibraryGrpc;
import io.anywire.http.rest.library.UpdateBookRequest;
import io.anywire.wire.Explanation;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a channel asks for again and what it does not, told by the server that it asks. */
@Timeout(30)
class RestCacheTest {
  private static final String JSON = "content-type: application/json";
  private static final String FRESH = "cache-control: max-age=60";

  /** It has been a minute on its way, and is stale on arrival. */
  private static final String OLD = "age: 60";

  private final Anywire anywire = Anywire.builder().build();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicReference<Metadata> headers = new AtomicReference<>();
  private ScriptedServer server;
  private RestChannel channel;
  private LibraryGrpc.LibraryBlockingStub stub;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
    open("");
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
    anywire.close();
  }

  private void open(String query) {
    if (channel != null) {
      channel.shutdownNow();
    }
    channel = new RestChannel(server.url(query), anywire);
    stub = stub(channel);
  }

  private LibraryGrpc.LibraryBlockingStub stub(RestChannel on) {
    return LibraryGrpc.newBlockingStub(on)
        .withInterceptors(
            MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
        .withOption(
            Explanation.LISTENER,
            (label, text) -> {
              if (label.equals("cache")) {
                told.add(text);
              }
            });
  }

  @Test
  void a_fresh_answer_is_not_asked_for_again_and_keeps_its_metadata() {
    server.answers(request -> book("a", FRESH, "x-shelf: 7", "trailer-x-checked: yes"));
    Book first = get("1");
    assertThat(header("age")).isNull();
    assertThat(get("1")).isEqualTo(first);
    assertThat(header("x-shelf")).isEqualTo("7");
    assertThat(Integer.parseInt(header("age"))).isBetween(0, 30);
    assertThat(server.requests()).hasSize(1);
    assertThat(told.getFirst()).isEqualTo("miss");
    assertThat(told.getLast()).startsWith("hit, ");
    get("2");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void a_stale_answer_is_asked_for_with_its_validator_and_304_makes_it_fresh() {
    server.answers(request -> book("a", FRESH, OLD, "etag: \"v1\"", "x-shelf: 7"));
    Book first = get("1");
    server.answers(request -> new Response(304, new byte[0], List.of(FRESH, "x-shelf: 8")));
    assertThat(get("1")).isEqualTo(first);
    assertThat(header("x-shelf")).isEqualTo("8");
    assertThat(server.last().headers().getFirst("if-none-match")).isEqualTo("\"v1\"");
    assertThat(get("1")).isEqualTo(first);
    assertThat(server.requests()).hasSize(2);
    assertThat(told.subList(0, 2)).containsExactly("miss", "revalidated");
  }

  @Test
  void a_changed_answer_replaces_a_stale_one() {
    server.answers(request -> book("a", "cache-control: no-cache", "etag: \"v1\""));
    get("1");
    server.answers(request -> book("b", FRESH, "etag: \"v2\""));
    assertThat(get("1").getTitle()).isEqualTo("b");
    assertThat(get("1").getTitle()).isEqualTo("b");
    assertThat(server.requests()).hasSize(2);
    assertThat(told.get(1)).isEqualTo("stale, and changed");
  }

  @Test
  void last_modified_is_a_validator_too() {
    String date = "Tue, 04 Nov 2025 10:00:00 GMT";
    server.answers(request -> book("a", "last-modified: " + date));
    get("1");
    server.answers(request -> new Response(304, new byte[0], List.of()));
    assertThat(get("1").getTitle()).isEqualTo("a");
    assertThat(server.last().headers().getFirst("if-modified-since")).isEqualTo(date);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache-control: no-store, max-age=60",
        "cache-control: max-age=60, no-cache",
        "cache-control: max-age=0",
        "cache-control: max-age=soon",
        "cache-control: max-age=-1",
        "expires: 0",
        "expires: Tue, 04 Nov 2025 10:00:00 GMT",
        "vary: *",
        "x-nothing: said"
      })
  void what_may_not_be_used_again_is_asked_for_each_time(String header) {
    boolean vary = header.startsWith("vary");
    server.answers(request -> vary ? book("a", header, FRESH) : book("a", header));
    get("1");
    get("1");
    assertThat(server.requests()).hasSize(2);
    assertThat(server.last().headers().getFirst("if-none-match")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache-control: private, max-age=\"60\"",
        "cache-control: foo=\"a, no-store\", MAX-AGE = 60",
        "cache-control: public, s-maxage=0, max-age=99999999999999999999",
        "expires: Thu, 31 Dec 2099 10:00:00 GMT"
      })
  void what_is_fresh_in_any_spelling_is_used_again(String header) {
    server.answers(request -> book("a", header));
    get("1");
    get("1");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void a_write_to_the_same_uri_forgets_the_answer() {
    server.answers(request -> book("a", FRESH));
    get("1");
    get("2");
    stub.updateBook(
        UpdateBookRequest.newBuilder().setBook(Book.newBuilder().setId("1").setTitle("b")).build());
    assertThat(server.last().method()).isEqualTo("PUT");
    get("1");
    assertThat(server.requests()).hasSize(4);
    get("2");
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void a_write_that_was_refused_forgets_nothing_and_one_that_broke_off_does() {
    server.answers(request -> request.method().equals("GET") ? book("a", FRESH) : status(403));
    get("1");
    UpdateBookRequest update =
        UpdateBookRequest.newBuilder().setBook(Book.newBuilder().setId("1")).build();
    assertThatThrownBy(() -> stub.updateBook(update)).isInstanceOf(StatusRuntimeException.class);
    get("1");
    assertThat(server.requests()).hasSize(2);
    server.answers(request -> request.method().equals("GET") ? book("a", FRESH) : status(500));
    assertThatThrownBy(() -> stub.updateBook(update)).isInstanceOf(StatusRuntimeException.class);
    get("1");
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void a_write_forgets_what_its_location_names_on_this_server_only() {
    server.answers(request ->
        request.method().equals("GET") ? book("a", FRESH) : book("b", "location: /books/1"));
    get("1");
    stub.createBook(CreateBookRequest.newBuilder().setBook(Book.newBuilder().setId("1")).build());
    get("1");
    assertThat(server.requests()).hasSize(3);
    server.answers(request ->
        request.method().equals("GET")
            ? book("a", FRESH)
            : book("b", "location: http://elsewhere.example/books/1"));
    stub.createBook(CreateBookRequest.newBuilder().setBook(Book.newBuilder().setId("1")).build());
    get("1");
    assertThat(server.requests()).hasSize(4);
  }

  @Test
  void an_answer_asked_for_before_a_write_is_not_kept_after_it() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch written = new CountDownLatch(1);
    server.answers(request -> {
      if (request.method().equals("GET")) {
        asked.countDown();
        assertThat(written.await(20, TimeUnit.SECONDS)).isTrue();
      }
      return book("a", FRESH);
    });
    CompletableFuture<Book> slow = CompletableFuture.supplyAsync(() -> get("1"), Threads.VIRTUAL);
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    stub.updateBook(UpdateBookRequest.newBuilder().setBook(Book.newBuilder().setId("1")).build());
    written.countDown();
    slow.get(20, TimeUnit.SECONDS);
    get("1");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void answers_of_different_users_are_kept_apart() {
    server.answers(request -> book(request.headers().getFirst("authorization"), FRESH));
    assertThat(getWith("authorization", "Bearer ada").getTitle()).isEqualTo("Bearer ada");
    assertThat(getWith("authorization", "Bearer bob").getTitle()).isEqualTo("Bearer bob");
    assertThat(getWith("authorization", "Bearer ada").getTitle()).isEqualTo("Bearer ada");
    assertThat(getWith("authorization", "Bearer bob").getTitle()).isEqualTo("Bearer bob");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void channels_share_nothing() {
    server.answers(request -> book("a", FRESH));
    get("1");
    RestChannel other = new RestChannel(server.url(""), anywire);
    try {
      stub(other).getBook(GetBookRequest.newBuilder().setId("1").build());
    } finally {
      other.shutdownNow();
    }
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void vary_keeps_answers_to_different_requests_apart() {
    server.answers(request ->
        book(
            request.headers().getFirst("accept-language"), FRESH, "vary: Accept-Language, accept"));
    assertThat(getWith("accept-language", "de").getTitle()).isEqualTo("de");
    assertThat(getWith("accept-language", "en").getTitle()).isEqualTo("en");
    assertThat(getWith("accept-language", "de").getTitle()).isEqualTo("de");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void the_caller_may_ask_past_the_cache() {
    server.answers(request -> book("a", FRESH, "etag: \"v1\""));
    get("1");
    getWith("cache-control", "no-cache");
    assertThat(server.last().headers().getFirst("if-none-match")).isEqualTo("\"v1\"");
    getWith("cache-control", "no-store");
    assertThat(server.last().headers().getFirst("if-none-match")).isNull();
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void a_stale_answer_stands_in_for_a_failing_server_as_long_as_it_may() {
    server.answers(request -> book("a", FRESH + ", stale-if-error=60", OLD));
    get("1");
    server.answers(request -> status(503));
    assertThat(get("1").getTitle()).isEqualTo("a");
    assertThat(told.getLast()).isEqualTo("stale, as the server fails");
    server.close();
    assertThat(get("1").getTitle()).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache-control: max-age=60, stale-if-error=60, must-revalidate",
        "cache-control: max-age=60, stale-if-error=0",
        "cache-control: max-age=60"
      })
  void a_failure_is_told_when_a_stale_answer_may_not_stand_in(String header) {
    server.answers(request -> book("a", header, OLD, "etag: \"v1\""));
    get("1");
    server.answers(request -> status(503));
    assertThatThrownBy(() -> get("1")).isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void errors_are_not_kept() {
    server.answers(request -> new Response(404, new byte[0], List.of(FRESH, "etag: \"v1\"")));
    assertThatThrownBy(() -> get("1")).isInstanceOf(StatusRuntimeException.class);
    server.answers(request -> book("a", FRESH));
    assertThat(get("1").getTitle()).isEqualTo("a");
  }

  @Test
  void the_cache_stays_within_its_bytes() {
    open("?cache=1");
    String large = "x".repeat(100_000);
    server.answers(request -> book(large, FRESH));
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 30; i++) {
        get("b" + i);
      }
    }
    assertThat(server.requests()).hasSizeGreaterThanOrEqualTo(30 + 20);
    server.answers(request -> book("x".repeat(2_000_000), FRESH));
    get("huge");
    get("huge");
    assertThat(server.requests().stream().filter(r -> r.target().endsWith("huge"))).hasSize(2);
  }

  @Test
  void zero_switches_the_cache_off() {
    open("?cache=0");
    server.answers(request -> book("a", FRESH));
    get("1");
    get("1");
    assertThat(server.requests()).hasSize(2);
    assertThat(told).isEmpty();
  }

  @Test
  void refuses_a_size_that_is_none() {
    assertThatThrownBy(() -> new RestChannel(server.url("?cache=much"), anywire))
        .hasMessageContaining("cache=much (expected: 0 to ");
    assertThatThrownBy(() -> new RestChannel(server.url("?cahce=1"), anywire))
        .hasMessageContaining("unknown parameter 'cahce'");
  }

  @Test
  void an_answer_from_the_cache_is_held_to_the_size_limit_of_its_call() {
    server.answers(request -> book("x".repeat(1000), FRESH));
    get("1");
    assertThatThrownBy(() ->
            stub.withMaxInboundMessageSize(100)
                .getBook(GetBookRequest.newBuilder().setId("1").build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void many_callers_at_once_get_their_own_answers() {
    server.answers(request -> book(request.target(), FRESH));
    List<CompletableFuture<Book>> calls = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String id = "b" + i % 20;
      calls.add(CompletableFuture.supplyAsync(() -> get(id), Threads.VIRTUAL));
    }
    for (int i = 0; i < 400; i++) {
      assertThat(calls.get(i).join().getTitle()).isEqualTo("/books/b" + i % 20);
    }
    int asked = server.requests().size();
    get("b0");
    assertThat(server.requests()).hasSize(asked);
  }

  private Book get(String id) {
    return stub.getBook(GetBookRequest.newBuilder().setId(id).build());
  }

  private Book getWith(String header, String value) {
    Metadata sent = new Metadata();
    sent.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(sent))
        .getBook(GetBookRequest.newBuilder().setId("1").build());
  }

  private String header(String name) {
    return headers.get().get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  private static Response book(String title, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(JSON);
    return new Response(200, ("{\"title\":\"" + title + "\"}").getBytes(UTF_8), all);
  }

  private static Response status(int status) {
    return new Response(status, new byte[0], List.of());
  }
}
