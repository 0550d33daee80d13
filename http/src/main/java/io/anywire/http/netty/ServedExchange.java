package io.anywire.http.netty;

import io.anywire.call.InFlight;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What the exchanges of all versions of HTTP share.
 *
 * <p>The head of a response, and its latest piece of data, are held until it is known what follows,
 * at most until the end of the outbox's drain: so a response that is there as a whole can be
 * written with its length, and an end without trailers rides on the last data.
 *
 * <p>Bytes given to {@link #send} count as unsent until the channel has written them, which with
 * HTTP/2 includes the client's flow-control window.
 */
abstract class ServedExchange implements Exchange {
  /** So many unsent bytes make a response not writable. */
  private static final int FULL = 64 << 10;

  /** Data are written in pieces of at most this, so that it shows whether the client takes them. */
  private static final int PIECE = 32 << 10;

  private final Channel channel;
  private final Outbox outbox;
  private final InFlight inFlight;
  private final RequestHead request;
  private final @Nullable Secured secured;
  private final AtomicLong unsent = new AtomicLong();
  private volatile boolean answered;

  // Touched by the event loop only.
  private @Nullable RequestBody body;
  private long sent;
  private boolean requestComplete;
  private boolean over;
  private boolean finished;
  private boolean headWritten;
  private int heldStatus;
  private @Nullable Http2Headers heldHead;
  private @Nullable ByteBuf heldData;

  ServedExchange(Channel channel, Outbox outbox, InFlight inFlight, RequestHead request) {
    this.channel = channel;
    this.outbox = outbox;
    this.inFlight = inFlight;
    this.request = request;
    this.secured = Secured.of(channel);
    inFlight.enter();
  }

  // What a version of HTTP does; all on the event loop.

  abstract void writeHead(int status, Http2Headers headers, boolean end);

  abstract void writeData(ByteBuf data, boolean end, ChannelPromise written);

  abstract void writeTrailers(Http2Headers trailers);

  /** A whole response at once; there is data. */
  abstract void writeWhole(int status, Http2Headers head, ByteBuf data, ChannelPromise written);

  abstract void writeReset(Reset reason);

  /** Tells the client to send the body that it holds back. */
  abstract void writeContinue();

  /** Lets the client send so many bytes more. */
  abstract void grant(int bytes);

  /** The response has been handed to the channel as a whole. */
  abstract void ended();

  // What the connection reports; all on the event loop.

  final void dataRead(ByteBuf piece) {
    RequestBody to = body;
    if (to == null || over) {
      int bytes = piece.readableBytes();
      piece.release();
      grant(bytes);
    } else {
      to.data(piece);
    }
  }

  final void requestEnded() {
    requestComplete = true;
    RequestBody to = body;
    if (to != null && !over) {
      to.end();
    }
  }

  /** The client is gone, or wants no answer. */
  final void clientGone() {
    RequestBody to = body;
    if (!over) {
      over = true;
      dropHeld();
      if (to != null) {
        to.cancelled();
      }
    }
    finish();
  }

  /** Nothing of this exchange remains. */
  final void finish() {
    if (!finished) {
      finished = true;
      inFlight.exit();
    }
  }

  /** The handler failed: says so if nothing has been said yet. */
  final void handlerFailed() {
    if (over) {
      return;
    }
    if (answered) {
      reset(Reset.INTERNAL_ERROR);
    } else {
      Refusals.INTERNAL.send(this);
    }
  }

  final boolean isRequestComplete() {
    return requestComplete;
  }

  /** Whether the handler has begun to answer, though it may not have been written yet. */
  final boolean isAnswered() {
    return answered;
  }

  final boolean isOver() {
    return over;
  }

  final boolean isHeadWritten() {
    return headWritten;
  }

  /** How many bytes of the response have been written, or dropped. */
  final long sent() {
    return sent;
  }

  /** How many bytes of the response have been given to {@link #send} and not been written. */
  final long unsent() {
    return unsent.get();
  }

  /** Writes what was held back. */
  final void releaseHeld() {
    writeHeldHead();
    ByteBuf data = heldData;
    heldData = null;
    if (data != null) {
      writeOrDrop(data);
    }
  }

  // Exchange

  @Override
  public final void receive(RequestBody receiver) {
    body = receiver;
  }

  @Override
  public final void consumed(int bytes) {
    outbox.execute(() -> grant(bytes));
  }

  @Override
  public final void respond(int status, Http2Headers headers) {
    answered = true;
    outbox.add(() -> head(status, headers));
  }

  @Override
  public final void send(ByteBuf data) {
    unsent.addAndGet(data.readableBytes());
    outbox.add(() -> data(data));
  }

  @Override
  public final void end(Http2Headers trailers) {
    outbox.add(() -> finalStep(trailers));
  }

  @Override
  public final void complete(
      int status, Http2Headers headers, ByteBuf data, Http2Headers trailers) {
    answered = true;
    unsent.addAndGet(data.readableBytes());
    outbox.add(() -> {
      head(status, headers);
      data(data);
      finalStep(trailers);
    });
  }

  @Override
  public final void reset(Reset reason) {
    outbox.add(() -> {
      if (!over) {
        over = true;
        dropHeld();
        writeReset(reason);
      }
    });
  }

  @Override
  public final boolean isWritable() {
    return unsent.get() < FULL;
  }

  // The response, on the event loop.

  private void head(int status, Http2Headers headers) {
    if (over || headWritten || heldHead != null) {
      return;
    }
    if (secured != null) {
      secured.alternative().ifPresent(h3 -> headers.set("alt-svc", h3));
    }
    heldStatus = status;
    heldHead = headers;
    outbox.hold(this);
  }

  private void data(ByteBuf data) {
    outbox.unread(data.readableBytes());
    if (over || !data.isReadable() || (heldHead == null && !headWritten)) {
      drop(data);
      return;
    }
    ByteBuf before = heldData;
    if (before != null) {
      writeHeldHead();
      writeOrDrop(before);
    } else {
      outbox.hold(this);
    }
    heldData = data;
  }

  private void finalStep(Http2Headers trailers) {
    if (over) {
      return;
    }
    over = true;
    if (method().equals("HEAD")) {
      endWithoutBody();
    } else if (trailers.isEmpty()) {
      endWithData();
    } else {
      releaseHeld();
      writeTrailers(trailers);
    }
    ended();
  }

  private void endWithoutBody() {
    Http2Headers head = heldHead;
    ByteBuf data = heldData;
    if (head != null && data != null) {
      head.setInt("content-length", data.readableBytes());
    }
    heldHead = null;
    dropHeld();
    if (head != null) {
      writeHead(heldStatus, head, true);
    } else {
      writeData(Unpooled.EMPTY_BUFFER, true, channel.newPromise());
    }
  }

  private void endWithData() {
    Http2Headers head = heldHead;
    ByteBuf data = heldData;
    heldHead = null;
    heldData = null;
    headWritten = true;
    if (head != null && data != null && data.readableBytes() <= PIECE) {
      writeWhole(heldStatus, head, data, written(data));
    } else if (head != null && data != null) {
      head.setInt("content-length", data.readableBytes());
      writeHead(heldStatus, head, false);
      writePieces(data, true);
    } else if (head != null) {
      writeHead(heldStatus, head, true);
    } else if (data != null) {
      writePieces(data, true);
    } else {
      writeData(Unpooled.EMPTY_BUFFER, true, channel.newPromise());
    }
  }

  private void writeHeldHead() {
    Http2Headers head = heldHead;
    heldHead = null;
    if (head != null) {
      headWritten = true;
      writeHead(heldStatus, head, false);
    }
  }

  private void writeOrDrop(ByteBuf data) {
    if (method().equals("HEAD")) {
      drop(data);
    } else {
      writePieces(data, false);
    }
  }

  private void writePieces(ByteBuf data, boolean end) {
    while (data.readableBytes() > PIECE) {
      ByteBuf piece = data.readRetainedSlice(PIECE);
      writeData(piece, false, written(piece));
    }
    writeData(data, end, written(data));
  }

  private void dropHeld() {
    heldHead = null;
    ByteBuf data = heldData;
    heldData = null;
    if (data != null) {
      drop(data);
    }
  }

  private void drop(ByteBuf data) {
    sent(data.readableBytes());
    data.release();
  }

  private ChannelPromise written(ByteBuf data) {
    int bytes = data.readableBytes();
    return channel
        .newPromise()
        .addListener((ChannelFutureListener) (ChannelFuture f) -> written(bytes, f.isSuccess()));
  }

  /** A write that failed makes no room: its channel is closing, and the end is about to be told. */
  private void written(int bytes, boolean success) {
    boolean room = sent(bytes);
    RequestBody to = body;
    if (room && success && to != null && !over) {
      to.writable();
    }
  }

  /** So many bytes no longer wait; whether that made room for more. */
  private boolean sent(int bytes) {
    sent += bytes;
    outbox.unread(-bytes);
    long before = unsent.getAndAdd(-bytes);
    return before >= FULL && before - bytes < FULL;
  }

  // The request.

  @Override
  public final Version version() {
    return request.version();
  }

  @Override
  public final String method() {
    return request.method();
  }

  @Override
  public final String path() {
    return request.path();
  }

  @Override
  public final String query() {
    return request.query();
  }

  @Override
  public final String authority() {
    return request.authority();
  }

  @Override
  public final Http2Headers headers() {
    return request.headers();
  }

  @Override
  public final Optional<SSLSession> tlsSession() {
    return Optional.ofNullable(secured).map(Secured::session);
  }

  @Override
  public SocketAddress remoteAddress() {
    return channel.remoteAddress();
  }

  @Override
  public SocketAddress localAddress() {
    return channel.localAddress();
  }

  @Override
  public final Executor eventLoop() {
    return outbox;
  }

  @Override
  public final Executor virtualThreads() {
    return outbox.virtualThreads();
  }

  /** The channel that carries it. */
  final Channel channel() {
    return channel;
  }
}
