package io.anywire.http.grpc;

import io.anywire.call.Bytes;
import io.anywire.http.client.ClientStream;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.Deadline;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC call on its way over HTTP/2.
 *
 * <p><b>Sending.</b> What was sent is kept until response headers arrive, up to {@value
 * #KEPT_BYTES} bytes, so that a call that a server certainly did not look at is sent once more, to
 * nobody's notice (gRPC A6, transparent retries). Bytes count as unsent until the channel has
 * written them, which includes the server's window.
 *
 * <p><b>Reading.</b> The one response of a unary call is collected, and handed over with its
 * headers and its status at once. Of a stream of responses so many are read ahead that {@value
 * #READ_AHEAD_BYTES} bytes wait for the caller; what comes beyond stays in the stream's window, and
 * so holds the server back.
 */
final class GrpcClientStream<RespT> extends ClientStream implements Deframer.Receiver {
  /** Is told what comes back; on the event loop. Messages are decoded where they are taken. */
  interface Receiver<RespT> {
    void head(Metadata headers);

    void next(Supplier<RespT> message);

    void whole(
        Metadata headers, @Nullable Supplier<RespT> message, Status status, Metadata trailers);

    void end(Status status, Metadata trailers);

    /** The stream can be written to, or can be again. */
    void ready();
  }

  private static final int FULL = 64 << 10;
  private static final int KEPT_BYTES = 1 << 20;
  private static final int READ_AHEAD_BYTES = 64 << 10;

  private final GrpcChannel channel;
  private final Receiver<RespT> receiver;
  private final Marshaller<RespT> marshaller;
  private final boolean unary;
  private final boolean sendsOne;
  private final boolean waitsForReady;
  private final int maxMessage;
  private final Deframer deframer;
  private final AtomicLong unsent = new AtomicLong();
  private final AtomicInteger ahead = new AtomicInteger();
  private final AtomicBoolean stalled = new AtomicBoolean();
  private volatile boolean writable;
  private volatile @Nullable SocketAddress remote;
  private volatile @Nullable SocketAddress local;

  // Set before the stream is started.
  private @Nullable Http2Headers head;
  private @Nullable Deadline deadline;
  private @Nullable ByteBuf only;

  // Touched by the event loop only.
  private final List<ByteBuf> kept = new ArrayList<>(0);
  private int keptBytes;
  private boolean committed;
  private boolean requestEnded;
  private boolean retried;
  private @Nullable ForeignAnswer foreign;
  private Decompressor decompressor = Codec.Identity.NONE;
  private boolean headReceived;
  private @Nullable Metadata collectedHead;
  private @Nullable Supplier<RespT> collectedMessage;
  private @Nullable Http2Headers trailers;
  private int httpStatus;

  GrpcClientStream(
      GrpcChannel channel,
      MethodDescriptor<?, RespT> method,
      CallOptions options,
      Receiver<RespT> receiver) {
    super(channel.client());
    this.channel = channel;
    this.receiver = receiver;
    this.marshaller = method.getResponseMarshaller();
    this.unary = method.getType().serverSendsOneMessage();
    this.sendsOne = method.getType().clientSendsOneMessage();
    this.waitsForReady = options.isWaitForReady();
    Integer limit = options.getMaxInboundMessageSize();
    this.maxMessage = limit == null ? channel.maxMessage() : limit;
    this.deframer = new Deframer("response", maxMessage, this::consumed, this);
    // A second message of a unary call is an error that wants to be seen.
    deframer.request(unary ? 2 : 1);
  }

  // The request, from the caller's threads.

  /** What is sent first; before {@link #start}. */
  void prepare(Http2Headers headers, @Nullable Deadline until) {
    head = headers;
    deadline = until;
  }

  /** Sends a request of one message, or of none. */
  void startWhole(@Nullable ByteBuf message) {
    only = message == null ? Unpooled.EMPTY_BUFFER : message;
    start();
  }

  void send(ByteBuf message) {
    unsent.addAndGet(message.readableBytes());
    channel.client().execute(() -> write(message));
  }

  void end() {
    channel
        .client()
        .execute(() -> {
          requestEnded = true;
          if (isOpen()) {
            writeData(Unpooled.EMPTY_BUFFER, true, false);
          }
        });
  }

  /** Nobody waits for an answer any more. */
  void abort() {
    channel
        .client()
        .execute(() -> {
          cancel();
          deframer.close();
          kept.clear();
        });
  }

  boolean isReady() {
    return writable && unsent.get() < FULL;
  }

  Attributes attributes() {
    SocketAddress known = remote;
    return known == null
        ? Attributes.EMPTY
        : Attributes.newBuilder()
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, known)
            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, local)
            .build();
  }

  // The request, on the event loop.

  @Override
  protected boolean waitsForReady() {
    return waitsForReady;
  }

  @Override
  protected void opened(SocketAddress to, SocketAddress from) {
    remote = to;
    local = from;
    writeHeaders(timed());
    ByteBuf whole = only;
    if (whole != null) {
      // The buffer lies on the heap, and is never given back: it may have to be sent again.
      writeData(whole.retainedDuplicate(), true, false);
      return;
    }
    kept.forEach(message -> writeData(message.retainedDuplicate(), false, true));
    if (requestEnded) {
      writeData(Unpooled.EMPTY_BUFFER, true, false);
    }
    if (!isOver()) {
      writable = true;
      receiver.ready();
    }
  }

  private Http2Headers timed() {
    Http2Headers plain = head;
    Deadline until = deadline;
    if (plain == null) {
      throw new IllegalStateException("started before it was prepared");
    }
    return until == null
        ? plain
        : RequestHeaders.withTimeout(plain, until.timeRemaining(TimeUnit.NANOSECONDS));
  }

  private void write(ByteBuf message) {
    if (isOver()) {
      written(message.readableBytes());
      return;
    }
    if (!committed) {
      kept.add(message);
      keptBytes += message.readableBytes();
    }
    if (isOpen()) {
      writeData(committed ? message : message.retainedDuplicate(), false, true);
      if (keptBytes > KEPT_BYTES) {
        commit();
      }
    }
  }

  /** From now on the call cannot be sent again. */
  private void commit() {
    committed = true;
    kept.clear();
    keptBytes = 0;
  }

  @Override
  protected void written(int bytes) {
    long before = unsent.getAndAdd(-bytes);
    if (before >= FULL && before - bytes < FULL && isOpen()) {
      receiver.ready();
    }
  }

  @Override
  protected void unprocessed(Status why) {
    if (committed || retried) {
      failed(why);
    } else {
      retried = true;
      kept.forEach(message -> unsent.addAndGet(message.readableBytes()));
      again();
    }
  }

  @Override
  protected void failed(Status why) {
    deframer.close();
    kept.clear();
    receiver.end(why, new Metadata());
  }

  // The response.

  @Override
  protected void headers(Http2Headers headers, boolean end) {
    if (isInformational(headers)) {
      return;
    }
    commit();
    if (end) {
      finish(headers);
    } else if (headReceived) {
      refuse(Status.INTERNAL.withDescription("headers in the middle of a response"));
    } else {
      headReceived = true;
      begin(headers);
    }
  }

  private static boolean isInformational(Http2Headers headers) {
    CharSequence status = headers.status();
    return status != null && status.length() == 3 && status.charAt(0) == '1';
  }

  private void begin(Http2Headers headers) {
    httpStatus = ForeignAnswer.httpStatus(headers);
    if (!ForeignAnswer.isGrpc(headers)) {
      foreign = new ForeignAnswer(headers);
      return;
    }
    CharSequence encoding = headers.get("grpc-encoding");
    Decompressor known =
        encoding == null
            ? Codec.Identity.NONE
            : DecompressorRegistry.getDefaultInstance().lookupDecompressor(encoding.toString());
    if (known == null) {
      refuse(Status.INTERNAL.withDescription("Can't find decompressor for " + encoding));
      return;
    }
    decompressor = known;
    Metadata metadata = metadata(headers);
    if (unary) {
      collectedHead = metadata;
    } else {
      receiver.head(metadata);
    }
  }

  @Override
  protected void data(ByteBuf piece, boolean end) {
    ForeignAnswer other = foreign;
    if (other != null) {
      consumed(piece.readableBytes());
      other.add(piece);
      if (end) {
        close(other.status(), new Metadata());
      }
      return;
    }
    if (!headReceived) {
      refuse(Status.INTERNAL.withDescription("data before the headers of a response"));
      return;
    }
    deframer.add(piece.retain());
    if (end) {
      deframer.end();
    }
  }

  private void finish(Http2Headers last) {
    ForeignAnswer other = foreign;
    if (other != null) {
      close(other.status(), new Metadata());
    } else if (!headReceived && !ForeignAnswer.isGrpc(last)) {
      close(new ForeignAnswer(last).status(), new Metadata());
    } else {
      if (!headReceived) {
        httpStatus = ForeignAnswer.httpStatus(last);
      }
      trailers = last;
      deframer.end();
    }
  }

  // What the deframer finds.

  @Override
  public void message(byte[] message, boolean compressed) {
    if (unary && collectedHead != null && collectedMessage == null) {
      collectedMessage = () -> decode(message, compressed);
    } else if (unary) {
      releaseCollected();
      receiver.next(() -> decode(message, compressed));
    } else {
      readAhead(message, compressed);
    }
  }

  /** The answer turns out to be longer than a unary one: it goes on as a stream. */
  private void releaseCollected() {
    Metadata metadata = collectedHead;
    Supplier<RespT> first = collectedMessage;
    collectedHead = null;
    collectedMessage = null;
    if (metadata != null) {
      receiver.head(metadata);
    }
    if (first != null) {
      receiver.next(first);
    }
  }

  private void readAhead(byte[] message, boolean compressed) {
    int size = Framer.PREFIX + message.length;
    boolean full = ahead.addAndGet(size) >= READ_AHEAD_BYTES;
    receiver.next(() -> {
      taken(size);
      return decode(message, compressed);
    });
    if (!full) {
      deframer.request(1);
      return;
    }
    stalled.set(true);
    if (goesOn(ahead.get())) {
      deframer.request(1);
    }
  }

  /** The caller takes a message; from its thread. */
  private void taken(int size) {
    if (goesOn(ahead.addAndGet(-size))) {
      channel.client().execute(() -> deframer.request(1));
    }
  }

  /** Each side changes its own of the two figures before it looks at the other. */
  private boolean goesOn(int waiting) {
    return waiting < READ_AHEAD_BYTES / 2 && stalled.compareAndSet(true, false);
  }

  private RespT decode(byte[] message, boolean compressed) {
    if (compressed && decompressor == Codec.Identity.NONE) {
      throw Status.INTERNAL
          .withDescription("a compressed message without grpc-encoding")
          .asRuntimeException();
    }
    return Bytes.decode(
        marshaller,
        compressed ? Encodings.decompress("response", decompressor, message, maxMessage) : message);
  }

  @Override
  public void complete() {
    Http2Headers last = trailers;
    if (last == null) {
      close(
          Status.INTERNAL.withDescription(
              "the response ended without trailers (expected: grpc-status)"),
          new Metadata());
    } else {
      close(ForeignAnswer.grpcStatus(last, httpStatus), metadata(last));
    }
  }

  @Override
  public void broken(Status why) {
    Http2Headers last = trailers;
    Status told = last == null ? Status.OK : ForeignAnswer.grpcStatus(last, httpStatus);
    if (last == null) {
      cancel();
    }
    close(told.isOk() ? why : told, new Metadata());
  }

  private void refuse(Status why) {
    cancel();
    close(why, new Metadata());
  }

  private void close(Status status, Metadata metadata) {
    deframer.close();
    Metadata first = collectedHead;
    if (first == null) {
      receiver.end(status, metadata);
    } else {
      receiver.whole(first, collectedMessage, status, metadata);
    }
    collectedHead = null;
    collectedMessage = null;
  }

  private static Metadata metadata(Http2Headers headers) {
    try {
      return MetadataHeaders.read(headers);
    } catch (StatusRuntimeException e) {
      // Somebody's broken value is no reason to lose the answer.
      return new Metadata();
    }
  }
}
