package io.anywire.http.netty;

import io.anywire.http.exchange.Exchange.Version;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.util.Map;
import java.util.Optional;
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
  private @Nullable Http3Exchange exchange;
  private long unconsumed;
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
  protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
    if (exchange != null) {
      // Trailers: the end of the stream follows, and is what counts.
      return;
    }
    if (!connection.begun(this)) {
      breakOff(Http3ErrorCode.H3_REQUEST_REJECTED);
      return;
    }
    Optional<RequestHead> head = RequestHead.of(Version.HTTP_3, headers(frame.headers()));
    if (head.isEmpty()) {
      breakOff(Http3ErrorCode.H3_MESSAGE_ERROR);
      return;
    }
    connection.secured().keepWith(stream);
    Http3Exchange begun = new Http3Exchange(this, connection, stream, head.get());
    exchange = begun;
    connection.engine().handle(begun);
  }

  @Override
  protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
    Http3Exchange to = exchange;
    if (to == null) {
      frame.release();
      return;
    }
    ByteBuf piece = frame.content();
    unconsumed += piece.readableBytes();
    adjustReading();
    Engine.guarded(to, e -> e.dataRead(piece));
  }

  /** What follows when the codec has found the length of the body to be what was announced. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    Http3Exchange to = exchange;
    if (event == ChannelInputShutdownReadComplete.INSTANCE && to != null) {
      Engine.guarded(to, ServedExchange::requestEnded);
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

  // Endings.

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
    connection.ended(this, of != null && of.isRequestComplete());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.atDebug()
        .addKeyValue("client", connection.channel().remoteSocketAddress())
        .addKeyValue("stream", id())
        .setCause(cause)
        .log("A request of HTTP/3 is broken off");
    breakOff(Http3ErrorCode.H3_REQUEST_CANCELLED);
  }
}
