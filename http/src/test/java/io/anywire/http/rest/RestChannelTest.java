package io.anywire.http.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.http.rest.library.Author;
import io.anywire.http.rest.library.Book;
import io.anywire.http.rest.library.CreateBookRequest;
import io.anywire.http.rest.library.FindBooksRequest;
import io.anywire.http.rest.library.Genre;
import io.anywire.http.rest.library.GetBookRequest;
import io.anywire.http.rest.library.LendBookRequest;
import io.anywire.http.rest.library.LibraryGrpc;
import io.anywire.http.rest.library.OutOfStock;
import io.anywire.http.rest.library.ProbeRequest;
import io.anywire.http.rest.library.ProbeResponse;
import io.anywire.http.rest.library.UpdateBookRequest;
import io.anywire.http.rest.library.WatchBooksRequest;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One generated stub over REST, on a real server. */
@Timeout(30)
class RestChannelTest {
  private final Anywire anywire = Anywire.builder().application("reader").build();
  private final Map<String, String> said = new ConcurrentHashMap<>();
  private LibraryServer server;
  private RestChannel channel;
  private LibraryGrpc.LibraryBlockingStub stub;

  @BeforeEach
  void open() {
    server = new LibraryServer();
    channel = new RestChannel(WireUrl.parse(server.url()), anywire);
    stub = LibraryGrpc.newBlockingStub(channel).withOption(Explanation.LISTENER, said::put);
  }

  @AfterEach
  void close() throws InterruptedException {
    channel.shutdownNow();
    assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    await().until(() -> server.engine().inFlight() == 0);
    server.close();
    anywire.close();
  }

  @Test
  void every_kind_of_stub_calls() throws Exception {
    Book book = Book.newBuilder().setId("1").setTitle("T").setPages(3).build();
    CreateBookRequest create = CreateBookRequest.newBuilder().setBook(book).build();
    assertThat(LibraryGrpc.newFutureStub(channel).createBook(create).get()).isEqualTo(book);
    GetBookRequest get = GetBookRequest.newBuilder().setId("1").build();
    assertThat(stub.getBook(get)).isEqualTo(book);
    assertThat(LibraryGrpc.newBlockingV2Stub(channel).getBook(get)).isEqualTo(book);
    Seen<Book> seen = new Seen<>();
    LibraryGrpc.newStub(channel).getBook(get, seen);
    assertThat(seen.end.get(10, TimeUnit.SECONDS)).isEqualTo(Status.OK);
    assertThat(seen.messages).containsExactly(book);
    stub.deleteBook(get);
    assertThatThrownBy(() -> stub.getBook(get))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
              assertThat(e.getStatus().getDescription()).isEqualTo("no book 1");
            });
  }

  @Test
  void a_query_carries_what_it_can() {
    FindBooksRequest request =
        FindBooksRequest.newBuilder()
            .setPageSize(-5)
            .addTags("a&b=c")
            .addTags("é +")
            .setGenre(Genre.POETRY)
            .addGenres(Genre.GENRE_UNSPECIFIED)
            .addGenresValue(77)
            .setAuthor(Author.newBuilder().setName("n").setBornIn(1900))
            .setSince(Timestamp.newBuilder().setSeconds(1_700_000_000).setNanos(1))
            .setNote(StringValue.of(""))
            .setEdition(0)
            .setCover(ByteString.copyFrom(new byte[] {-1, -2, 62}))
            .setPrice(0.1)
            .setWeight(Float.NaN)
            .build();
    assertThat(stub.findBooks(request).getAsked()).isEqualTo(request);
    assertThat(said.get("route")).startsWith("GET /books as GET /books?pageSize=-5&tags=a%26b%3Dc");
  }

  @Test
  void what_a_query_cannot_carry_goes_by_name() {
    List<FindBooksRequest> requests =
        List.of(
            FindBooksRequest.newBuilder().putLabels("a", "b").build(),
            FindBooksRequest.newBuilder().addCoAuthors(Author.newBuilder().setName("n")).build(),
            FindBooksRequest.newBuilder().setAuthor(Author.getDefaultInstance()).build(),
            FindBooksRequest.newBuilder().addTags("x".repeat(5000)).build());
    for (FindBooksRequest request : requests) {
      assertThat(stub.findBooks(request).getAsked()).isEqualTo(request);
      assertThat(said.get("route")).contains("POST /anywire.http.rest.Library/FindBooks");
    }
  }

  @Test
  void paths_and_bodies_carry_the_rest() {
    LendBookRequest lend =
        LendBookRequest.newBuilder()
            .setId("a/b c%2F")
            .setReader("r")
            .setAttachment(Any.pack(Book.newBuilder().setId("x").build()))
            .build();
    assertThat(stub.lendBook(lend)).isEqualTo(lend);
    assertThat(said.get("route")).endsWith("as POST /books/a%2Fb%20c%252F:lend");
    assertThat(stub.lendBook(LendBookRequest.getDefaultInstance()))
        .isEqualTo(LendBookRequest.getDefaultInstance());
    assertThat(said.get("route")).contains("POST /anywire.http.rest.Library/LendBook");
    UpdateBookRequest update =
        UpdateBookRequest.newBuilder()
            .setBook(Book.newBuilder().setId("1").setTitle("T"))
            .setUpdateMask(FieldMask.newBuilder().addPaths("title").addPaths("author.born_in"))
            .build();
    assertThat(stub.updateBook(update)).isEqualTo(update);
    assertThat(said.get("route")).startsWith("PUT /books/{book.id} as PUT /books/1?updateMask=");
  }

  @Test
  void an_error_comes_back_with_its_details_and_trailers() throws Exception {
    Metadata headers = new Metadata();
    headers.put(LibraryService.ECHO, "text");
    headers.put(LibraryService.ECHO_BYTES, new byte[] {0, 1, -1});
    StatusRuntimeException e =
        failure(() ->
            stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .probe(ProbeRequest.newBuilder().setCode(9).setDetails(true).build()));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(e.getStatus().getDescription()).isEqualTo("\"as\" asked\n");
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    assertThat(status).isNotNull();
    assertThat(status.getDetailsList()).hasSize(4);
    assertThat(status.getDetails(2).unpack(OutOfStock.class).getSku()).isEqualTo("s-1");
    assertThat(status.getDetails(3).getTypeUrl()).isEqualTo("type.example.com/nobody.knows.It");
    assertThat(status.getDetails(3).getValue()).isEqualTo(ByteString.copyFromUtf8("\b\u0001"));
    assertThat(e.getTrailers()).isNotNull();
    assertThat(e.getTrailers().get(LibraryService.ECHO)).isEqualTo("text");
    assertThat(e.getTrailers().get(LibraryService.ECHO_BYTES)).containsExactly(0, 1, -1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"OK"})
  void every_code_comes_back_by_name(Status.Code code) {
    ProbeRequest failing = ProbeRequest.newBuilder().setCode(code.value()).setDetails(true).build();
    StatusRuntimeException routed = failure(() -> stub.probe(failing));
    StatusRuntimeException byName = failure(() -> stub.probeByName(failing));
    assertThat(said.get("route")).contains("POST /anywire.http.rest.Library/ProbeByName");
    assertThat(byName.getStatus().getCode()).isEqualTo(code);
    assertThat(StatusProto.fromThrowable(byName)).isEqualTo(StatusProto.fromThrowable(routed));
    assertThat(StatusProto.fromThrowable(byName)).isNotNull();
    assertThat(StatusProto.fromThrowable(byName).getDetailsCount()).isEqualTo(4);
  }

  @Test
  void metadata_trailers_and_the_deadline_go_by_name_too() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Metadata sent = new Metadata();
    sent.put(LibraryService.ECHO, "text");
    sent.put(LibraryService.ECHO_BYTES, new byte[] {0, 1, -1});
    LibraryGrpc.LibraryBlockingStub metered =
        stub.withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .withDeadlineAfter(20, TimeUnit.SECONDS);
    ProbeResponse seen = metered.probeByName(ProbeRequest.getDefaultInstance());
    assertThat(seen.getHeadersMap())
        .containsEntry("x-echo", "text")
        .doesNotContainKey("connect-timeout-ms");
    assertThat(seen.getMillisLeft()).isBetween(10_000L, 20_000L);
    assertThat(headers.get().get(LibraryService.SERVED)).isEqualTo("yes");
    assertThat(trailers.get().get(LibraryService.ECHO)).isEqualTo("text");
    metered
        .watchByName(WatchBooksRequest.newBuilder().setCount(1).build())
        .forEachRemaining(b -> {});
    assertThat(headers.get().get(LibraryService.SERVED)).isEqualTo("yes");
    assertThat(trailers.get().get(LibraryService.ECHO_BYTES)).containsExactly(0, 1, -1);
  }

  @Test
  void streams_come_by_name_too() {
    WatchBooksRequest many = WatchBooksRequest.newBuilder().setCount(300).setPadding(9000).build();
    Iterator<Book> books = stub.watchByName(many);
    int count = 0;
    while (books.hasNext()) {
      assertThat(books.next().getId()).isEqualTo("b" + count++);
    }
    assertThat(count).isEqualTo(300);
    WatchBooksRequest failing = WatchBooksRequest.newBuilder().setCount(5).setFailAfter(2).build();
    Iterator<Book> broken = stub.watchByName(failing);
    assertThat(broken.next().getId()).isEqualTo("b0");
    assertThat(broken.next().getId()).isEqualTo("b1");
    StatusRuntimeException e = failure(broken::hasNext);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(StatusProto.fromThrowable(e)).isNotNull();
    assertThat(StatusProto.fromThrowable(e).getDetailsCount()).isEqualTo(4);
    WatchBooksRequest large = WatchBooksRequest.newBuilder().setCount(1).setPadding(2000).build();
    StatusRuntimeException tooLarge =
        failure(() -> stub.withMaxInboundMessageSize(1000).watchByName(large).next());
    assertThat(tooLarge.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void a_wrong_field_is_named() throws Exception {
    StatusRuntimeException e =
        failure(() -> stub.createBook(CreateBookRequest.getDefaultInstance()));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    assertThat(status).isNotNull();
    assertThat(status.getDetails(0).unpack(BadRequest.class).getFieldViolations(0).getField())
        .isEqualTo("book.title");
  }

  @Test
  void metadata_and_the_deadline_reach_the_handler() {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    Metadata sent = new Metadata();
    sent.put(LibraryService.ECHO, "text");
    ProbeResponse seen =
        stub.withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(sent),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .probe(ProbeRequest.getDefaultInstance());
    assertThat(seen.getHeadersMap())
        .containsEntry("x-echo", "text")
        .containsEntry("user-agent", "reader anywire");
    assertThat(seen.getMillisLeft()).isBetween(10_000L, 20_000L);
    assertThat(headers.get().get(LibraryService.SERVED)).isEqualTo("yes");
    assertThat(trailers.get().get(LibraryService.ECHO)).isEqualTo("text");
    assertThat(said.get("attempt")).startsWith("1: HTTP 200 in ");
    assertThat(said.get("policy")).contains("UNKNOWN").contains("deadline");
  }

  @Test
  void a_deadline_ends_the_call_on_both_sides() throws Exception {
    ProbeRequest hang = ProbeRequest.newBuilder().setHang(true).build();
    StatusRuntimeException e =
        failure(() -> stub.withDeadlineAfter(200, TimeUnit.MILLISECONDS).probe(hang));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(server.library.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_cancelled_call_cancels_the_handler() throws Exception {
    ProbeRequest hang = ProbeRequest.newBuilder().setHang(true).build();
    Future<ProbeResponse> call = LibraryGrpc.newFutureStub(channel).probe(hang);
    await().until(() -> server.engine().inFlight() == 1);
    call.cancel(true);
    assertThat(server.library.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void streams_come_to_every_kind_of_stub() throws Exception {
    WatchBooksRequest three = WatchBooksRequest.newBuilder().setCount(3).build();
    List<String> ids = new ArrayList<>();
    stub.watchBooks(three).forEachRemaining(book -> ids.add(book.getId()));
    assertThat(ids).containsExactly("b0", "b1", "b2");
    BlockingClientCall<?, Book> v2 = LibraryGrpc.newBlockingV2Stub(channel).watchBooks(three);
    assertThat(v2.read()).extracting(Book::getId).isEqualTo("b0");
    assertThat(v2.read()).isNotNull();
    assertThat(v2.read()).isNotNull();
    assertThat(v2.read()).isNull();
    Seen<Book> seen = new Seen<>();
    LibraryGrpc.newStub(channel).watchBooks(three, seen);
    assertThat(seen.end.get(10, TimeUnit.SECONDS)).isEqualTo(Status.OK);
    assertThat(seen.messages).hasSize(3);
  }

  @Test
  void a_stream_that_fails_gives_its_messages_first() {
    WatchBooksRequest failing = WatchBooksRequest.newBuilder().setCount(5).setFailAfter(2).build();
    Iterator<Book> books = stub.watchBooks(failing);
    assertThat(books.next().getId()).isEqualTo("b0");
    assertThat(books.next().getId()).isEqualTo("b1");
    StatusRuntimeException e = failure(books::hasNext);
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    assertThat(status).isNotNull();
    assertThat(status.getDetailsCount()).isEqualTo(4);
  }

  @Test
  void a_caller_that_does_not_ask_holds_the_stream_back_and_can_give_it_up() throws Exception {
    WatchBooksRequest many =
        WatchBooksRequest.newBuilder().setCount(10_000).setPadding(10_000).build();
    BlockingClientCall<?, Book> call = LibraryGrpc.newBlockingV2Stub(channel).watchBooks(many);
    assertThat(call.read()).isNotNull();
    await()
        .during(300, TimeUnit.MILLISECONDS)
        .atMost(10, TimeUnit.SECONDS)
        .until(server.library.sent::get, sent -> sent > 0 && sent < 2000);
    call.cancel("enough", null);
    // A BlockingV2 stub hears of the end when it reads.
    assertThat(failure(() -> drain(call)).getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
    assertThat(server.library.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_long_stream_arrives_as_a_whole() {
    WatchBooksRequest many = WatchBooksRequest.newBuilder().setCount(3000).setPadding(3000).build();
    Iterator<Book> books = stub.watchBooks(many);
    int count = 0;
    while (books.hasNext()) {
      assertThat(books.next().getId()).isEqualTo("b" + count++);
    }
    assertThat(count).isEqualTo(3000);
  }

  @Test
  void a_stream_of_requests_is_refused_before_anything_is_sent() throws Exception {
    Seen<com.google.protobuf.Empty> seen = new Seen<>();
    StreamObserver<Book> requests = LibraryGrpc.newStub(channel).importBooks(seen);
    requests.onNext(Book.getDefaultInstance());
    requests.onCompleted();
    assertThat(seen.end.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(server.engine().inFlight()).isZero();
  }

  @Test
  void messages_over_the_callers_limits_are_refused() {
    ProbeRequest text = ProbeRequest.newBuilder().setText("x".repeat(2000)).build();
    StatusRuntimeException out = failure(() -> stub.withMaxOutboundMessageSize(1000).probe(text));
    assertThat(out.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    StatusRuntimeException in = failure(() -> stub.withMaxInboundMessageSize(1000).probe(text));
    assertThat(in.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    WatchBooksRequest watch = WatchBooksRequest.newBuilder().setCount(1).setPadding(2000).build();
    StatusRuntimeException line =
        failure(() -> stub.withMaxInboundMessageSize(1000).watchBooks(watch).next());
    assertThat(line.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void a_call_waits_for_its_server_when_asked_to() throws Exception {
    int port = server.engine().address().getPort();
    server.close();
    assertThat(failure(() -> stub.probe(ProbeRequest.getDefaultInstance())).getStatus())
        .satisfies(status -> assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE))
        .satisfies(status -> assertThat(status.getDescription()).contains("127.0.0.1:" + port));
    StatusRuntimeException late =
        failure(() ->
            stub.withWaitForReady()
                .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                .probe(ProbeRequest.getDefaultInstance()));
    assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void a_stub_that_asks_for_nothing_gets_nothing() throws Exception {
    ClientCall<ProbeRequest, ProbeResponse> call =
        channel.newCall(LibraryGrpc.getProbeMethod(), CallOptions.DEFAULT);
    Listening listener = new Listening();
    call.start(listener, new Metadata());
    call.sendMessage(ProbeRequest.getDefaultInstance());
    call.halfClose();
    assertThat(listener.headers.get(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(listener.message).isNotDone();
    call.request(1);
    assertThat(listener.message.get(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(listener.closed.get(10, TimeUnit.SECONDS).isOk()).isTrue();
  }

  private static void drain(BlockingClientCall<?, Book> call) throws StatusException {
    try {
      for (Book next = call.read(); next != null; ) {
        next = call.read();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static StatusRuntimeException failure(Action action) {
    try {
      action.run();
    } catch (StatusRuntimeException e) {
      return e;
    } catch (StatusException e) {
      return e.getStatus().asRuntimeException(e.getTrailers());
    }
    throw new AssertionError("no failure");
  }

  private interface Action {
    void run() throws StatusException;
  }

  private static final class Seen<T> implements StreamObserver<T> {
    final List<T> messages = new ArrayList<>();
    final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onNext(T message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable t) {
      end.complete(Status.fromThrowable(t));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }

  private static final class Listening extends ClientCall.Listener<ProbeResponse> {
    final CompletableFuture<Metadata> headers = new CompletableFuture<>();
    final CompletableFuture<ProbeResponse> message = new CompletableFuture<>();
    final CompletableFuture<Status> closed = new CompletableFuture<>();

    @Override
    public void onHeaders(Metadata sent) {
      headers.complete(sent);
    }

    @Override
    public void onMessage(ProbeResponse sent) {
      message.complete(sent);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      closed.complete(status);
    }
  }
}
