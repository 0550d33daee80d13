package io.anywire.http.netty;

import io.anywire.http.exchange.Exchange.Version;
import io.anywire.http.netty.Http3ServerConnection.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request stream of HTTP/3 (RFC 9114, section 4.1): frames in, an exchange out of them. It stops
 * reading while more of the body waits to be consumed than a stream may send ahead.
 */
final class Http3ServerStream extends Http3RequestStreamInboundHandler {
  private static final Logger log = LoggerFactory.getLogger(Http3ServerStream.class);

  private final Http3ServerConnection connection;
  private final QuicStreamChannel stream;
  private final long since = System.nanoTime();
  private @Nullable Http3Exchange exchange;
  private @Nullable Dues dues;
  private long received;
  private long unconsumed;
  private boolean malformed;
  private boolean refused;
  private boolean wrote;
  private boolean silent;
  private @Nullable ChannelPromise asked;

  Http3ServerStream(Http3ServerConnection connection, QuicStreamChannel stream) {
    this.connection = connection;
    this.stream = stream;
  }

  long id() {
    return stream.streamId();
  }

  // Reading.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    connection.opened(this);
  }

  /** A frame may come behind one over which the stream, or the connection, has been ended. */
  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
    if (connection.isFailed() || !stream.isActive()) {
      return;
    }
    if (exchange != null) {
      // Trailers: the end of the stream follows, and is what counts.
      if (!Http3FieldRules.haveNames(frame.headers())) {
        malformed();
      }
    } else if (!connection.begun(this)) {
      refused = true;
      breakOff(Http3ErrorCode.H3_REQUEST_REJECTED);
    } else if (Http3FieldRules.areWellFormed(frame.headers())) {
      long size = Http3FieldRules.size(frame.headers());
      RequestHead.of(Version.HTTP_3, headers(frame.headers()))
          .ifPresentOrElse(head -> begin(head, size), this::malformed);
    } else {
      malformed();
    }
  }

  private void begin(RequestHead head, long size) {
    connection.secured().keepWith(stream);
    Http3Exchange begun = new Http3Exchange(this, connection, stream, head);
    exchange = begun;
    if (size > connection.engine().limits().headerBytes()) {
      Refusals.HEADERS_TOO_LARGE.send(begun);
    } else {
      connection.engine().handle(begun);
    }
  }

  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
    Http3Exchange to = exchange;
    if (to == null) {
      frame.release();
      return;
    }
    ByteBuf piece = frame.content();
    received += piece.readableBytes();
    unconsumed += piece.readableBytes();
    adjustReading();
    Engine.guarded(to, e -> e.dataRead(piece));
  }

  /** What follows when the codec has found the length of the body to be what was announced. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    Http3Exchange to = exchange;
    if (event == ChannelInputShutdownReadComplete.INSTANCE) {
      if (to != null) {
        Engine.guarded(to, ServedExchange::requestEnded);
      } else if (!malformed && !refused) {
        malformed = true;
        breakOff(Http3ErrorCode.H3_REQUEST_INCOMPLETE);
      }
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  protected void channelInputClosed(ChannelHandlerContext ctx) {}

  /** So many bytes of the body have been dealt with. */
  void consumed(int bytes) {
    unconsumed -= bytes;
    adjustReading();
  }

  private void adjustReading() {
    boolean room = unconsumed < connection.engine().limits().streamWindow();
    if (stream.config().isAutoRead() != room) {
      stream.config().setAutoRead(room);
    }
  }

  private static Http2Headers headers(Http3Headers from) {
    Http2Headers headers = new DefaultHttp2Headers(false, from.size());
    for (Map.Entry<CharSequence, CharSequence> header : from) {
      headers.add(header.getKey(), header.getValue());
    }
    return headers;
  }

  // Writing.

  /** Writes a frame, and the end of the stream behind it when it is the last. */
  void write(Object frame, boolean last, ChannelPromise written) {
    silent = false;
    wrote = true;
    stream
        .write(frame, written)
        .addListener(done -> {
          if (!done.isSuccess()) {
            // The client wants no more of it (STOP_SENDING), or is gone.
            stream.close();
          } else if (last) {
            stream.shutdownOutput().addListener(ended -> letGo());
          }
        });
  }

  /** The response is out: a client that still sends is told that nobody listens any more. */
  private void letGo() {
    Http3Exchange of = exchange;
    if (of != null && !of.isRequestComplete()) {
      stream.shutdownInput(Http3ErrorCode.H3_NO_ERROR.code());
      stream.close();
    }
  }

  /**
   * Finds out whether the client still wants the answer that it has been waiting for. Netty's codec
   * tells of a client that has asked to stop only who writes just then; later the stream is gone
   * for QUIC, and what is written to it waits for ever. So something is written that says nothing,
   * and a stream that does not take it while the connection does is gone.
   */
  void ask() {
    Http3Exchange of = exchange;
    if (of == null || of.isOver() || !of.isRequestComplete()) {
      return;
    }
    ChannelPromise before = asked;
    if (before != null && !before.isDone()) {
      closeIfGone(before);
    } else if (silent && stream.isWritable() && hasRoom()) {
      ChannelPromise now = stream.newPromise();
      write(Http3ServerConnection.nothing(), false, now);
      asked = now;
      closeIfGone(now);
    }
    silent = true;
  }

  /** Whether the client's window for this stream is known not to be used up. */
  private boolean hasRoom() {
    return !wrote || stream.bytesBeforeUnwritable() > Http3ServerConnection.NOTHING_BYTES;
  }

  private void closeIfGone(ChannelPromise question) {
    if (!question.isDone() && connection.takesData()) {
      stream.close();
    }
  }

  // What the client owes.

  /** Whether it has sent, or taken, too little for too long. */
  boolean isLate() {
    HttpLimits limits = connection.engine().limits();
    Http3Exchange of = exchange;
    if (of == null) {
      return System.nanoTime() - since >= ClientWatch.nanos(limits.headerTime());
    }
    if (dues == null) {
      dues = new Dues(of, limits, received);
    }
    boolean owesBody =
        !of.isRequestComplete() && unconsumed < limits.streamWindow() && !Dues.mayPause(of);
    return dues.areLate(owesBody, received);
  }

  /** Whatever the handler has done: most of all when it is done. */
  void tooLate() {
    breakOff(Http3ErrorCode.H3_EXCESSIVE_LOAD);
  }

  // Endings.

  private void malformed() {
    malformed = true;
    breakOff(Http3ErrorCode.H3_MESSAGE_ERROR);
  }

  /** Ends both directions with a code. */
  ChannelFuture breakOff(Http3ErrorCode code) {
    stream.shutdown(code.code());
    return stream.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Http3Exchange of = exchange;
    if (of != null) {
      Engine.guarded(of, ServedExchange::clientGone);
    }
    connection.ended(this, ending(of));
  }

  private Ending ending(@Nullable Http3Exchange of) {
    if (malformed) {
      return Ending.MALFORMED;
    }
    return of != null && of.isRequestComplete() ? Ending.WHOLE : Ending.RESET;
  }

  /**
   * What the codec finds wrong with a connection it tells here first, and then ends the connection;
   * what it finds wrong with a request it leaves to be ended here.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.atDebug()
        .addKeyValue("client", connection.channel().remoteSocketAddress())
        .addKeyValue("stream", id())
        .setCause(cause)
        .log("A request of HTTP/3 is broken off");
    if (cause instanceof QuicException) {
      breakOff(Http3ErrorCode.H3_REQUEST_CANCELLED);
    } else if (cause instanceof DecoderException || cause instanceof Error) {
      // The codec trips over what it cannot decompress.
      connection.fail(Http3ErrorCode.QPACK_DECOMPRESSION_FAILED, "headers cannot be read");
    } else if (cause instanceof Http3Exception http3
        && http3.errorCode() != Http3ErrorCode.H3_MESSAGE_ERROR) {
      connection.fail(http3.errorCode(), String.valueOf(http3.getMessage()));
    } else {
      malformed();
    }
  }
}
