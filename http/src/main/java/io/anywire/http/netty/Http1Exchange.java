package io.anywire.http.netty;

import io.anywire.call.InFlight;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * An exchange of HTTP/1.1 (RFC 9112). A response that is there as a whole goes with its length,
 * another one in chunks, or, to a client of HTTP/1.0, up to the end of the connection.
 */
final class Http1Exchange extends ServedExchange {
  private final Http1ServerConnection connection;
  private boolean keepAlive;

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
    if (end) {
      FullHttpResponse response = full(status, Unpooled.EMPTY_BUFFER);
      copy(headers, response.headers());
      if (hasBody(status) && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
      }
      write(response, response.headers(), channel().newPromise());
      return;
    }
    HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, statusOf(status));
    copy(headers, response.headers());
    if (hasBody(status) && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      frame(response.headers());
    }
    write(response, response.headers(), channel().newPromise());
  }

  @Override
  void writeData(ByteBuf data, boolean end, ChannelPromise written) {
    connection.write(end ? lastContent(data) : new DefaultHttpContent(data), written);
  }

  @Override
  void writeTrailers(Http2Headers trailers) {
    LastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    copy(trailers, last.trailingHeaders());
    connection.write(last, channel().newPromise());
  }

  @Override
  void writeWhole(int status, Http2Headers head, ByteBuf data, ChannelPromise written) {
    FullHttpResponse response = full(status, data);
    copy(head, response.headers());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, data.readableBytes());
    write(response, response.headers(), written);
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

  private void write(HttpResponse response, HttpHeaders headers, ChannelPromise written) {
    keepAlive = keepAlive && isRequestComplete() && !connection.isStopping();
    if (!keepAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (version() == Version.HTTP_1_0) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
    connection.write(response, written);
  }

  private void frame(HttpHeaders headers) {
    if (version() == Version.HTTP_1_0) {
      keepAlive = false;
    } else {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
  }

  private static LastHttpContent lastContent(ByteBuf data) {
    return data.isReadable()
        ? new DefaultLastHttpContent(data)
        : LastHttpContent.EMPTY_LAST_CONTENT;
  }

  private static FullHttpResponse full(int status, ByteBuf data) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, statusOf(status), data);
  }

  private static HttpResponseStatus statusOf(int status) {
    return HttpResponseStatus.valueOf(status);
  }

  private static boolean hasBody(int status) {
    return status != 204 && status != 304;
  }

  private static void copy(Http2Headers from, HttpHeaders to) {
    for (Map.Entry<CharSequence, CharSequence> header : from) {
      to.add(header.getKey(), header.getValue());
    }
  }
}
