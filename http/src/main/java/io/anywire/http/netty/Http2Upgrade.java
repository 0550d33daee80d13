package io.anywire.http.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The upgrade from HTTP/1.1 to HTTP/2 in the clear (RFC 7540, section 3.2). Only a request without
 * a body is upgraded, and only on a connection that serves no other one; elsewhere the wish is
 * ignored, as HTTP allows.
 */
final class Http2Upgrade extends HttpServerUpgradeHandler {
  private final Http1ServerConnection connection;
  private boolean looking;

  Http2Upgrade(HttpRequestDecoder decoder, Http1ServerConnection connection, Engine engine) {
    super(
        ctx -> ctx.pipeline().remove(decoder),
        protocol -> codecFor(protocol, connection, engine),
        0);
    this.connection = connection;
  }

  /** A request that does not wish for another protocol passes by. */
  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof HttpRequest request) {
      looking = request.headers().contains(HttpHeaderNames.UPGRADE);
    }
    if (!looking) {
      ctx.fireChannelRead(message);
      return;
    }
    ChannelHandler encoder = new AgreementEncoder();
    ctx.pipeline().addBefore(ctx.name(), null, encoder);
    try {
      super.channelRead(ctx, message);
    } finally {
      ctx.pipeline().remove(encoder);
    }
  }

  static HttpDecoderConfig decoding(HttpLimits limits) {
    return new HttpDecoderConfig()
        .setMaxInitialLineLength(limits.floods().requestLine())
        .setMaxHeaderSize(limits.headerBytes())
        .setMaxChunkSize(limits.streamWindow());
  }

  @Override
  protected boolean shouldHandleUpgradeRequest(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return request.decoderResult().isSuccess()
        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && connection.isIdle()
        && !connection.isStopping()
        && HttpUtil.getContentLength(request, 0L) == 0
        && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        && !headers.contains(HttpHeaderNames.EXPECT);
  }

  private static @Nullable UpgradeCodec codecFor(
      CharSequence protocol, Http1ServerConnection connection, Engine engine) {
    if (!AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)) {
      return null;
    }
    return new Http2ServerUpgradeCodec(new Http2ConnectionBuilder(engine).build()) {
      @Override
      public void upgradeTo(ChannelHandlerContext ctx, FullHttpRequest request) {
        ctx.pipeline().remove(connection);
        ctx.pipeline().remove(connection.intake());
        super.upgradeTo(ctx, request);
      }
    };
  }

  /** Netty agrees to the wish with an object; all other responses are bytes already. */
  private static final class AgreementEncoder extends HttpResponseEncoder {
    @Override
    public boolean acceptOutboundMessage(Object message) {
      return message instanceof HttpResponse;
    }
  }
}
