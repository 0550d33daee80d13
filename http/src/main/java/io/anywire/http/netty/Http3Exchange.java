package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;

/** An exchange on a stream of HTTP/3 (RFC 9114, section 4). */
final class Http3Exchange extends ServedExchange {
  private final Http3ServerStream stream;
  private final SocketAddress remoteAddress;
  private final SocketAddress localAddress;

  Http3Exchange(
      Http3ServerStream stream,
      Http3ServerConnection connection,
      QuicStreamChannel channel,
      RequestHead request) {
    super(channel, connection.outbox(), connection.engine().inFlight(), request);
    this.stream = stream;
    this.remoteAddress = Objects.requireNonNull(connection.channel().remoteSocketAddress());
    this.localAddress = Objects.requireNonNull(connection.channel().localSocketAddress());
  }

  @Override
  void writeHead(int status, Http2Headers headers, boolean end) {
    Http3Headers head = new DefaultHttp3Headers(false, headers.size() + 1);
    head.status(HttpResponseStatus.valueOf(status).codeAsText());
    writeHeaders(copied(headers, head), end);
  }

  /** In a direct buffer: Netty 4.2.17 copies others itself, and goes wrong when they are large. */
  @Override
  void writeData(ByteBuf data, boolean end, ChannelPromise written) {
    ByteBuf direct = channel().alloc().directBuffer(data.readableBytes()).writeBytes(data);
    data.release();
    stream.write(new DefaultHttp3DataFrame(direct), end, written);
  }

  @Override
  void writeTrailers(Http2Headers trailers) {
    writeHeaders(copied(trailers, new DefaultHttp3Headers(false, trailers.size())), true);
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
    stream.breakOff(code(reason));
  }

  @Override
  void writeContinue() {
    writeHead(100, new DefaultHttp2Headers(false), false);
  }

  @Override
  void grant(int bytes) {
    stream.consumed(bytes);
  }

  @Override
  void ended() {}

  @Override
  public SocketAddress remoteAddress() {
    return remoteAddress;
  }

  @Override
  public SocketAddress localAddress() {
    return localAddress;
  }

  private void writeHeaders(Http3Headers headers, boolean end) {
    stream.write(new DefaultHttp3HeadersFrame(headers), end, channel().newPromise());
  }

  private static Http3Headers copied(Http2Headers from, Http3Headers to) {
    for (Map.Entry<CharSequence, CharSequence> header : from) {
      to.add(header.getKey(), header.getValue());
    }
    return to;
  }

  private static Http3ErrorCode code(Reset reason) {
    return switch (reason) {
      case NO_ERROR -> Http3ErrorCode.H3_NO_ERROR;
      case INTERNAL_ERROR -> Http3ErrorCode.H3_INTERNAL_ERROR;
      case REFUSED_STREAM -> Http3ErrorCode.H3_REQUEST_REJECTED;
      case CANCEL -> Http3ErrorCode.H3_REQUEST_CANCELLED;
      case ENHANCE_YOUR_CALM -> Http3ErrorCode.H3_EXCESSIVE_LOAD;
    };
  }
}
