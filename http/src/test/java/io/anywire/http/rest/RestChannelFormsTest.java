package io.anywire.http.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.http.rest.library.Book;
import io.anywire.http.rest.library.CreateBookRequest;
import io.anywire.http.rest.library.GetBookRequest;
import io.anywire.http.rest.library.LibraryGrpc;
import io.anywire.http.rest.library.WatchBooksRequest;
import io.anywire.wire.Explanation;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a channel's URL says of codec, version and route, on a real server. */
@Timeout(30)
class RestChannelFormsTest {
  private static final Book BOOK =
      Book.newBuilder().setId("1").setTitle("Grüße <&>").setPages(3).build();

  private final Anywire anywire = Anywire.builder().application("reader").build();
  private final Map<String, String> said = new ConcurrentHashMap<>();
  private final LibraryServer server = new LibraryServer();

  @BeforeEach
  void put() {
    with("", stub -> stub.createBook(CreateBookRequest.newBuilder().setBook(BOOK).build()));
  }

  @AfterEach
  void close() {
    server.close();
    anywire.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'', application/json",
    "?codec=json, application/json",
    "?codec=xml, application/xml",
    "?codec=protobuf, application/x-protobuf",
    "?route=name, application/json",
    "?route=name&codec=xml, application/json",
    "?route=name&codec=protobuf, application/proto"
  })
  void messages_are_written_as_the_url_says(String query, String mediaType) {
    with(
        query,
        stub -> {
          Book other = BOOK.toBuilder().setId("2").build();
          assertThat(stub.createBook(CreateBookRequest.newBuilder().setBook(other).build()))
              .isEqualTo(other);
          assertThat(said).containsEntry("codec", mediaType);
          assertThat(stub.getBook(get("2"))).isEqualTo(other);
          assertThat(said).containsEntry("codec", mediaType);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?codec=xml",
        "?codec=protobuf",
        "?http=2",
        "?route=name",
        "?route=name&codec=protobuf"
      })
  void errors_come_back_as_they_were(String query) {
    with(
        query,
        stub ->
            assertThatThrownBy(() -> stub.getBook(get("none")))
                .isInstanceOfSatisfying(
                    StatusRuntimeException.class,
                    e -> {
                      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
                      assertThat(e.getStatus().getDescription()).isEqualTo("no book none");
                    }));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?codec=xml",
        "?codec=protobuf",
        "?http=2",
        "?route=name",
        "?route=name&codec=protobuf"
      })
  void streams_of_responses_come_whatever_the_codec(String query) {
    WatchBooksRequest request = WatchBooksRequest.newBuilder().setCount(3).build();
    with(query, stub -> assertThat(stub.watchBooks(request)).toIterable().hasSize(3));
  }

  @Test
  void a_method_with_a_route_is_called_by_its_name_where_the_url_says_so() {
    with("?route=name", stub -> stub.getBook(get("1")));
    assertThat(said.get("route")).contains("POST /anywire.http.rest.Library/GetBook");
  }

  @Test
  void http_2_is_spoken_where_the_url_says_so() {
    with("?http=2", stub -> assertThat(stub.getBook(get("1"))).isEqualTo(BOOK));
    assertThat(said.get("wire")).startsWith("REST over HTTP/2 to ");
  }

  @ParameterizedTest
  @CsvSource({
    "codec=yaml, 'codec=yaml (expected: json, xml, protobuf)'",
    "http=3, 'http=3 (expected: 1.1, 2)'",
    "route=other, 'route=other (expected: rule, name)'"
  })
  void refuses_what_it_does_not_know(String parameter, String why) {
    WireUrl url = WireUrl.parse(server.url() + "?" + parameter);
    assertThatThrownBy(() -> new RestChannel(url, anywire)).hasMessageEndingWith(why);
  }

  private static GetBookRequest get(String id) {
    return GetBookRequest.newBuilder().setId(id).build();
  }

  private void with(String query, Calls calls) {
    RestChannel channel = new RestChannel(WireUrl.parse(server.url() + query), anywire);
    try {
      calls.make(LibraryGrpc.newBlockingStub(channel).withOption(Explanation.LISTENER, said::put));
    } finally {
      channel.shutdownNow();
    }
  }

  private interface Calls {
    void make(LibraryGrpc.LibraryBlockingStub stub);
  }
}
