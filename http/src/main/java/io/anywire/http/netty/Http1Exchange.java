package io.anywire.http.netty;

import io.anywire.call.InFlight;
import io.anywire.http.netty.Http1Writer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * An exchange of HTTP/1.1 (RFC 9112). A response that is there as a whole goes with its length,
 * another one in chunks, or, to a client of HTTP/1.0, up to the end of the connection.
 */
final class Http1Exchange extends ServedExchange {
  private final Http1ServerConnection connection;
  private boolean keepAlive;
  private boolean chunked;

  Http1Exchange(
      Http1ServerConnection connection,
      Outbox outbox,
      InFlight inFlight,
      RequestHead request,
      boolean keepAlive) {
    super(connection.channel(), outbox, inFlight, request);
    this.connection = connection;
    this.keepAlive = keepAlive;
  }

  /** Whether the connection serves another request after this one. */
  boolean keepsAlive() {
    return keepAlive;
  }

  @Override
  void writeHead(int status, Http2Headers headers, boolean end) {
    boolean framed = !hasBody(status) || headers.contains(HttpHeaderNames.CONTENT_LENGTH);
    if (!framed && end) {
      writeEmpty(status, headers);
    } else if (framed || version() == Version.HTTP_1_0) {
      keepAlive = keepAlive && framed;
      connection.write(
          writer().head(buffers(), status, headers, connection()), channel().newPromise());
    } else {
      chunked = true;
      connection.write(
          writer().chunkedHead(buffers(), status, headers, connection()), channel().newPromise());
    }
  }

  private void writeEmpty(int status, Http2Headers headers) {
    connection.write(
        writer().whole(buffers(), status, headers, connection(), Unpooled.EMPTY_BUFFER),
        channel().newPromise());
  }

  @Override
  void writeData(ByteBuf data, boolean end, ChannelPromise written) {
    if (!chunked) {
      connection.write(data, written);
      return;
    }
    if (data.isReadable()) {
      connection.write(
          writer().beginOfChunk(buffers(), data.readableBytes()), channel().newPromise());
      connection.write(data, channel().newPromise());
      connection.write(writer().endOfChunk(buffers()), end ? channel().newPromise() : written);
    } else {
      data.release();
    }
    if (end) {
      connection.write(writer().lastChunk(buffers(), EmptyHttp2Headers.INSTANCE), written);
    }
  }

  @Override
  void writeTrailers(Http2Headers trailers) {
    if (chunked) {
      connection.write(writer().lastChunk(buffers(), trailers), channel().newPromise());
    }
  }

  @Override
  void writeWhole(int status, Http2Headers head, ByteBuf data, ChannelPromise written) {
    head.remove(HttpHeaderNames.CONTENT_LENGTH);
    boolean inOne = Http1Writer.isShort(data);
    ByteBuf whole = writer().whole(buffers(), status, head, connection(), data);
    if (inOne) {
      connection.write(whole, written);
    } else {
      connection.write(whole, channel().newPromise());
      connection.write(data, written);
    }
  }

  @Override
  void writeReset(Reset reason) {
    connection.abort();
  }

  @Override
  void writeContinue() {
    connection.writeContinue();
  }

  @Override
  void grant(int bytes) {
    connection.consumed(bytes);
  }

  @Override
  void ended() {
    connection.responseEnded(this);
  }

  /** What the head says of the connection, which is settled with it. */
  private Connection connection() {
    keepAlive = keepAlive && isRequestComplete() && !connection.isStopping();
    if (!keepAlive) {
      return Connection.CLOSE;
    }
    return version() == Version.HTTP_1_0 ? Connection.KEEP_ALIVE : Connection.AS_ASSUMED;
  }

  private ByteBufAllocator buffers() {
    return channel().alloc();
  }

  private static Http1Writer writer() {
    return Http1Writer.current();
  }

  private static boolean hasBody(int status) {
    return status != 204 && status != 304;
  }
}
