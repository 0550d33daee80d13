package io.anywire.http.rest;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.anywire.call.Failures;
import io.anywire.http.rest.library.Book;
import io.anywire.http.rest.library.CreateBookRequest;
import io.anywire.http.rest.library.FindBooksRequest;
import io.anywire.http.rest.library.FindBooksResponse;
import io.anywire.http.rest.library.GetBookRequest;
import io.anywire.http.rest.library.LendBookRequest;
import io.anywire.http.rest.library.LibraryGrpc;
import io.anywire.http.rest.library.OutOfStock;
import io.anywire.http.rest.library.ProbeRequest;
import io.anywire.http.rest.library.ProbeResponse;
import io.anywire.http.rest.library.UpdateBookRequest;
import io.anywire.http.rest.library.WatchBooksRequest;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An ordinary gRPC handler. */
final class LibraryService extends LibraryGrpc.LibraryImplBase {
  static final Metadata.Key<String> ECHO =
      Metadata.Key.of("x-echo", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<byte[]> ECHO_BYTES =
      Metadata.Key.of("x-echo-bin", Metadata.BINARY_BYTE_MARSHALLER);
  static final Metadata.Key<String> SERVED =
      Metadata.Key.of("x-served", Metadata.ASCII_STRING_MARSHALLER);
  private static final Context.Key<Metadata> HEADERS = Context.key("headers");

  final CountDownLatch cancelled = new CountDownLatch(1);
  final AtomicInteger sent = new AtomicInteger();

  /** Where a stream waits for {@link #goOn}; -1 for nowhere. */
  volatile int pauseBefore = -1;

  final CountDownLatch goOn = new CountDownLatch(1);
  private final Map<String, Book> books = new ConcurrentHashMap<>();

  /** Puts what came as headers into the headers and the trailers of the response. */
  static final class Echo implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      ServerCall<ReqT, RespT> echoing =
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata responseHeaders) {
              responseHeaders.put(SERVED, "yes");
              super.sendHeaders(responseHeaders);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              String text = headers.get(ECHO);
              byte[] bytes = headers.get(ECHO_BYTES);
              if (text != null) {
                trailers.put(ECHO, text);
              }
              if (bytes != null) {
                trailers.put(ECHO_BYTES, bytes);
              }
              super.close(status, trailers);
            }
          };
      return Contexts.interceptCall(
          Context.current().withValue(HEADERS, headers), echoing, headers, next);
    }
  }

  @Override
  public void getBook(GetBookRequest request, StreamObserver<Book> response) {
    Book book = books.get(request.getId());
    if (book == null) {
      throw Status.NOT_FOUND.withDescription("no book " + request.getId()).asRuntimeException();
    }
    response.onNext(book);
    response.onCompleted();
  }

  @Override
  public void findBooks(FindBooksRequest request, StreamObserver<FindBooksResponse> response) {
    response.onNext(FindBooksResponse.newBuilder().setAsked(request).build());
    response.onCompleted();
  }

  @Override
  public void createBook(CreateBookRequest request, StreamObserver<Book> response) {
    Book book = request.getBook();
    if (book.getTitle().isEmpty()) {
      throw Failures.invalidField("book.title", "empty (expected: a title)");
    }
    if (books.putIfAbsent(book.getId(), book) != null) {
      throw Status.ALREADY_EXISTS.withDescription("book " + book.getId()).asRuntimeException();
    }
    response.onNext(book);
    response.onCompleted();
  }

  @Override
  public void updateBook(UpdateBookRequest request, StreamObserver<UpdateBookRequest> response) {
    response.onNext(request);
    response.onCompleted();
  }

  @Override
  public void deleteBook(GetBookRequest request, StreamObserver<Empty> response) {
    books.remove(request.getId());
    response.onNext(Empty.getDefaultInstance());
    response.onCompleted();
  }

  @Override
  public void lendBook(LendBookRequest request, StreamObserver<LendBookRequest> response) {
    response.onNext(request);
    response.onCompleted();
  }

  @Override
  public void watchBooks(WatchBooksRequest request, StreamObserver<Book> response) {
    ServerCallStreamObserver<Book> call = (ServerCallStreamObserver<Book>) response;
    call.setOnCancelHandler(cancelled::countDown);
    AtomicInteger next = new AtomicInteger();
    call.setOnReadyHandler(() -> send(request, call, next));
  }

  private void send(
      WatchBooksRequest request, ServerCallStreamObserver<Book> call, AtomicInteger next) {
    while (call.isReady() && next.get() <= request.getCount()) {
      int i = next.getAndIncrement();
      pause(i);
      if (request.getFailAfter() > 0 && i == request.getFailAfter()) {
        next.set(request.getCount() + 1);
        call.onError(failure(Status.Code.ABORTED, true));
      } else if (i == request.getCount()) {
        call.onCompleted();
      } else {
        sent.incrementAndGet();
        String padding = "x".repeat(request.getPadding());
        call.onNext(Book.newBuilder().setId("b" + i).setTitle(padding).build());
      }
    }
  }

  private void pause(int before) {
    try {
      if (before == pauseBefore) {
        goOn.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> response) {
    if (request.getHang()) {
      Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
      return;
    }
    if (request.getCode() != 0) {
      response.onError(
          failure(Status.fromCodeValue(request.getCode()).getCode(), request.getDetails()));
      return;
    }
    ProbeResponse.Builder seen = ProbeResponse.newBuilder().setText(request.getText());
    Metadata headers = HEADERS.get();
    for (String key : headers.keys()) {
      if (!key.endsWith("-bin")) {
        Metadata.Key<String> typed = Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER);
        seen.putHeaders(key, String.valueOf(headers.get(typed)));
      }
    }
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      seen.setMillisLeft(deadline.timeRemaining(TimeUnit.MILLISECONDS));
    }
    response.onNext(seen.build());
    response.onCompleted();
  }

  @Override
  public void probeByName(ProbeRequest request, StreamObserver<ProbeResponse> response) {
    probe(request, response);
  }

  @Override
  public void watchByName(WatchBooksRequest request, StreamObserver<Book> response) {
    watchBooks(request, response);
  }

  private static RuntimeException failure(Status.Code code, boolean details) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage("\"as\" asked\n");
    if (details) {
      status
          .addDetails(Any.pack(ErrorInfo.newBuilder().setReason("ASKED").setDomain("test").build()))
          .addDetails(
              Any.pack(
                  RetryInfo.newBuilder()
                      .setRetryDelay(Duration.newBuilder().setNanos(500_000_000))
                      .build()))
          .addDetails(Any.pack(OutOfStock.newBuilder().setSku("s-1").build()))
          .addDetails(
              Any.newBuilder()
                  .setTypeUrl("type.example.com/nobody.knows.It")
                  .setValue(ByteString.copyFromUtf8("\b\u0001"))
                  .build());
    }
    return Failures.exception(status.build());
  }

  @Override
  public StreamObserver<Book> importBooks(StreamObserver<Empty> response) {
    throw new IllegalStateException("REST must not get here");
  }
}
