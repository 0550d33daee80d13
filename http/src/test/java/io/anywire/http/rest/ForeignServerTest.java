package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.http.rest.library.Book;
import io.anywire.http.rest.library.CreateBookRequest;
import io.anywire.http.rest.library.GetBookRequest;
import io.anywire.http.rest.library.LibraryGrpc;
import io.anywire.http.rest.library.ProbeRequest;
import io.anywire.http.rest.library.WatchBooksRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a stub makes of servers that are not ours, or that break off. */
@Timeout(30)
class ForeignServerTest {
  private static final String LINES =
      "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";
  private static final String LINE = "{\"result\":{\"id\":\"b0\"}}\n";

  private static final String ENVELOPES =
      "HTTP/1.1 200 OK\r\ncontent-type: application/connect+json\r\n"
          + "transfer-encoding: chunked\r\n\r\n";

  private final Anywire anywire = Anywire.builder().build();
  private ServerSocket socket;
  private RestChannel channel;
  private LibraryGrpc.LibraryBlockingStub stub;
  private volatile String answer = "";
  private final AtomicInteger breakOffs = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    socket = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().name("foreign-server").start(this::serve);
    channel = new RestChannel(WireUrl.parse("http://127.0.0.1:" + socket.getLocalPort()), anywire);
    stub = LibraryGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() throws IOException {
    channel.shutdownNow();
    socket.close();
    anywire.close();
  }

  /** status | content type | body | code of the call. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          400 Bad Request | text/html | <html> | INTERNAL
          401 Unauthorized | text/html | <html> | UNAUTHENTICATED
          403 Forbidden | text/html | <html> | PERMISSION_DENIED
          404 Not Found | text/html | <html> | UNIMPLEMENTED
          404 Not Found | application/problem+json | {"title":"not ours"} | UNIMPLEMENTED
          404 Not Found | application/problem+json | {"code":"NOT_FOUND"} | NOT_FOUND
          404 Not Found | application/problem+json | {"code" | UNIMPLEMENTED
          429 Too Many | text/plain | wait | UNAVAILABLE
          502 Bad Gateway | text/plain | down | UNAVAILABLE
          503 Unavailable | application/json | {} | UNAVAILABLE
          504 Timeout | text/plain | late | UNAVAILABLE
          500 Oops | application/json | {} | UNKNOWN
          302 Found | text/html | elsewhere | UNKNOWN
          200 OK | text/html | <html> | UNKNOWN
          200 OK | application/json | {"id": | INTERNAL
          200 OK | application/json | {"id":5,"pages":"x"} | INTERNAL
          """)
  void tells_a_foreign_response_by_its_status(
      String status, String type, String body, Status.Code code) {
    answer = response(status, type, body);
    assertThatThrownBy(() -> stub.getBook(GetBookRequest.newBuilder().setId("1").build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  @Test
  void takes_json_of_a_foreign_server_and_ignores_what_it_does_not_know() {
    answer = response("200 OK", "application/json", "{\"id\":\"1\",\"colour\":\"red\"}");
    Book book = stub.getBook(GetBookRequest.newBuilder().setId("1").build());
    assertThat(book).isEqualTo(Book.newBuilder().setId("1").build());
  }

  @Test
  void a_response_that_breaks_off_is_unavailable() {
    answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{";
    assertUnavailable(() -> stub.getBook(GetBookRequest.newBuilder().setId("1").build()));
    answer = "";
    assertUnavailable(() -> stub.getBook(GetBookRequest.newBuilder().setId("1").build()));
  }

  @Test
  void what_reads_is_sent_again_when_the_connection_broke_off_before_any_answer() {
    answer = response("200 OK", "application/json", "{\"id\":\"1\"}");
    breakOffs.set(1);
    Book book = stub.getBook(GetBookRequest.newBuilder().setId("1").build());
    assertThat(book.getId()).isEqualTo("1");
    assertThat(requests).hasValue(2);
  }

  @Test
  void what_writes_is_sent_once() {
    breakOffs.set(1);
    assertUnavailable(() -> stub.createBook(CreateBookRequest.getDefaultInstance()));
    assertThat(requests).hasValue(1);
  }

  @Test
  void a_stream_without_its_end_mark_is_unavailable() {
    answer = LINES + chunk(LINE) + "0\r\n\r\n";
    Iterator<Book> ended = watch();
    assertThat(ended.next().getId()).isEqualTo("b0");
    assertUnavailable(ended::hasNext);
    answer = LINES + chunk(LINE) + chunk("{\"result\":{\"id\":\"b1");
    Iterator<Book> cut = watch();
    assertThat(cut.next().getId()).isEqualTo("b0");
    assertUnavailable(cut::hasNext);
  }

  @Test
  void lines_may_come_in_any_pieces_and_any_spelling() {
    StringBuilder pieces = new StringBuilder(LINES);
    String lines = LINE + "\n { \"result\" : { \"id\" : \"b1\" } }\r\n{\"end\":{}}\n";
    lines.chars().forEach(c -> pieces.append(chunk(Character.toString(c))));
    answer = pieces + "0\r\n\r\n";
    Iterator<Book> books = watch();
    assertThat(books.next().getId()).isEqualTo("b0");
    assertThat(books.next().getId()).isEqualTo("b1");
    assertThat(books.hasNext()).isFalse();
  }

  @Test
  void a_line_that_says_nothing_is_internal() {
    answer = LINES + chunk("{\"reslt\":{}}\n") + "0\r\n\r\n";
    assertThatThrownBy(() -> watch().hasNext())
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          404 Not Found | text/html | <html> | UNIMPLEMENTED
          404 Not Found | application/problem+json | {"code":"NOT_FOUND"} | NOT_FOUND
          404 Not Found | application/json | {"code":"not_found","message":"m"} | NOT_FOUND
          400 Bad | application/json | {"code":"out_of_range"} | OUT_OF_RANGE
          400 Bad | application/json | {"code":"nobody_knows"} | INTERNAL
          429 Too Many | application/json | {} | UNAVAILABLE
          499 Gone | application/json | {"code":"canceled"} | CANCELLED
          500 Oops | application/json | {"code":"data_loss","details":[{"type":"a.B","value":"***"}]} | DATA_LOSS
          503 Unavailable | application/json | {"code" | UNAVAILABLE
          200 OK | text/html | <html> | UNKNOWN
          200 OK | application/json | {"text": | INTERNAL
          """)
  void tells_the_errors_of_a_foreign_connect_server(
      String status, String type, String body, Status.Code code) {
    answer = response(status, type, body);
    assertThatThrownBy(() -> stub.probeByName(ProbeRequest.getDefaultInstance()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  @Test
  void envelopes_may_come_in_any_pieces() {
    StringBuilder pieces = new StringBuilder(ENVELOPES);
    String stream = envelope(0, "{\"id\":\"b0\"}") + envelope(0, "{}") + envelope(2, "{}");
    stream.chars().forEach(c -> pieces.append(chunk(Character.toString(c))));
    answer = pieces + "0\r\n\r\n";
    Iterator<Book> books = watchByName();
    assertThat(books.next().getId()).isEqualTo("b0");
    assertThat(books.next()).isEqualTo(Book.getDefaultInstance());
    assertThat(books.hasNext()).isFalse();
  }

  @Test
  void a_stream_of_envelopes_that_is_not_whole_is_unavailable() {
    answer = ENVELOPES + chunk(envelope(0, "{}")) + "0\r\n\r\n";
    Iterator<Book> ended = watchByName();
    assertThat(ended.next()).isEqualTo(Book.getDefaultInstance());
    assertUnavailable(ended::hasNext);
    answer = ENVELOPES + chunk(envelope(2, "{}").substring(0, 6)) + "0\r\n\r\n";
    assertUnavailable(watchByName()::hasNext);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          2 | {"error":{}} | INTERNAL
          2 | {"error":{"code":"aborted"},"metadata":{"x-a":["1"]}} | ABORTED
          2 | {"error" | INTERNAL
          1 | {} | INTERNAL
          8 | {} | INTERNAL
          """)
  void an_end_or_a_flag_that_nobody_knows_is_internal(int flag, String json, Status.Code code) {
    answer = ENVELOPES + chunk(envelope(flag, json)) + "0\r\n\r\n";
    assertThatThrownBy(watchByName()::hasNext)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  private Iterator<Book> watchByName() {
    return stub.watchByName(WatchBooksRequest.getDefaultInstance());
  }

  private static String envelope(int flag, String json) {
    return (char) flag + "\0\0\0" + (char) json.length() + json;
  }

  private Iterator<Book> watch() {
    return stub.watchBooks(WatchBooksRequest.getDefaultInstance());
  }

  private static void assertUnavailable(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
  }

  private static String response(String status, String type, String body) {
    return "HTTP/1.1 %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s"
        .formatted(status, type, body.length(), body);
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  /** Answers one request a connection, then closes it. */
  private void serve() {
    while (true) {
      try (Socket connection = socket.accept()) {
        BufferedReader in =
            new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
        for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
          line = in.readLine();
        }
        requests.incrementAndGet();
        if (breakOffs.getAndDecrement() <= 0) {
          connection.getOutputStream().write(answer.getBytes(UTF_8));
        }
      } catch (SocketException e) {
        if (socket.isClosed()) {
          return;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
