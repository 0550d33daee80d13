package io.anywire.http.netty;

import io.anywire.http.tls.ServerTls;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/**
 * Tells a client that begins a TLS handshake from one that does not, by the first five bytes. Who
 * speaks HTTP in the clear is told so in the clear, and let go.
 */
final class TlsSniffer extends OptionalSslHandler {
  private static final String REFUSAL_BODY =
      "This port speaks TLS: use https:// (or grpc+tls://) with it.\n";
  private static final String REFUSAL =
      "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: "
          + REFUSAL_BODY.length()
          + "\r\nconnection: close\r\n\r\n"
          + REFUSAL_BODY;

  /** With the certificate of this moment. */
  TlsSniffer(ServerTls tls) {
    super(tls.tcp());
  }

  @Override
  protected ChannelHandler newNonSslHandler(ChannelHandlerContext context) {
    return new InTheClear();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Engine.Stop.INSTANCE || event == IdleWatch.Idle.INSTANCE) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private static final class InTheClear extends ChannelInboundHandlerAdapter {
    private boolean refused;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
      if (!refused) {
        refused = true;
        ctx.writeAndFlush(Unpooled.copiedBuffer(REFUSAL, StandardCharsets.US_ASCII))
            .addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
