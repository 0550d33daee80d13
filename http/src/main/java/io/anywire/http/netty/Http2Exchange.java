package io.anywire.http.netty;

import io.anywire.call.InFlight;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** An exchange on a stream of HTTP/2 (RFC 9113, section 8). */
final class Http2Exchange extends ServedExchange {
  private final Http2ServerConnection connection;
  private final ChannelHandlerContext ctx;
  private final Http2Stream stream;
  private long received;
  private @Nullable Dues dues;

  Http2Exchange(
      Http2ServerConnection connection,
      ChannelHandlerContext ctx,
      Http2Stream stream,
      Outbox outbox,
      InFlight inFlight,
      RequestHead request) {
    super(ctx.channel(), outbox, inFlight, request);
    this.connection = connection;
    this.ctx = ctx;
    this.stream = stream;
  }

  @Override
  public long maxResponseHeaders() {
    return connection.maxResponseHeaders();
  }

  @Override
  void writeHead(int status, Http2Headers headers, boolean end) {
    connection.answering();
    headers.status(HttpResponseStatus.valueOf(status).codeAsText());
    connection
        .encoder()
        .writeHeaders(ctx, stream.id(), headers, 0, end, last(end, ctx.newPromise()));
  }

  @Override
  void writeData(ByteBuf data, boolean end, ChannelPromise written) {
    connection.answering();
    connection.encoder().writeData(ctx, stream.id(), data, 0, end, last(end, written));
  }

  @Override
  void writeTrailers(Http2Headers trailers) {
    connection.answering();
    connection
        .encoder()
        .writeHeaders(ctx, stream.id(), trailers, 0, true, last(true, ctx.newPromise()));
  }

  @Override
  void writeWhole(int status, Http2Headers head, ByteBuf data, ChannelPromise written) {
    if (!head.contains("content-length")) {
      head.setInt("content-length", data.readableBytes());
    }
    writeHead(status, head, false);
    writeData(data, true, written);
  }

  @Override
  void writeReset(Reset reason) {
    connection.resetStream(ctx, stream.id(), code(reason).code(), ctx.newPromise());
  }

  @Override
  void writeContinue() {
    Http2Headers informational = new DefaultHttp2Headers(false).status("100");
    connection.encoder().writeHeaders(ctx, stream.id(), informational, 0, false, ctx.newPromise());
  }

  @Override
  void grant(int bytes) {
    try {
      if (connection.decoder().flowController().consumeBytes(stream, bytes)) {
        connection.wroteSomething();
      }
    } catch (Http2Exception e) {
      connection.onError(ctx, true, e);
    }
  }

  @Override
  void ended() {}

  // What the client owes; on the event loop.

  /** So many bytes of the body have come. */
  void received(int bytes) {
    received += bytes;
  }

  /** Whether the client is to send the rest of the body now. Streams of gRPC may pause. */
  boolean owesBody() {
    return !isRequestComplete()
        && !Dues.mayPause(this)
        && window(connection.connection().connectionStream()) > 0
        && window(stream) > 0;
  }

  /** Whether the client has sent, or taken, too little for too long. */
  boolean isLate(HttpLimits limits) {
    if (dues == null) {
      dues = new Dues(this, limits, received);
    }
    return dues.areLate(owesBody(), received);
  }

  private int window(Http2Stream of) {
    return connection.decoder().flowController().windowSize(of);
  }

  private ChannelPromise last(boolean end, ChannelPromise written) {
    if (end && !isRequestComplete()) {
      written.addListener(done -> {
        if (done.isSuccess() && !isRequestComplete()) {
          connection.answeredEarly(this);
        }
      });
    }
    return written;
  }

  /** Tells a client that still sends that nobody listens any more. */
  void resetUnlessComplete() {
    if (!isRequestComplete()) {
      writeReset(Reset.NO_ERROR);
    }
  }

  private static Http2Error code(Reset reason) {
    return switch (reason) {
      case NO_ERROR -> Http2Error.NO_ERROR;
      case INTERNAL_ERROR -> Http2Error.INTERNAL_ERROR;
      case REFUSED_STREAM -> Http2Error.REFUSED_STREAM;
      case CANCEL -> Http2Error.CANCEL;
      case ENHANCE_YOUR_CALM -> Http2Error.ENHANCE_YOUR_CALM;
    };
  }
}
