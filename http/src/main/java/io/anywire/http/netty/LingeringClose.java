package io.anywire.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection whose client may still be sending in steps: the client is told that nothing
 * more comes, and what it sends is dropped until it has stopped, or a moment has passed. A close at
 * once would destroy the last words on their way (RFC 9112, section 9.6).
 */
final class LingeringClose extends ChannelDuplexHandler {
  private static final long LINGER_MILLIS = 2000;

  private boolean asked;
  private boolean lingering;

  /** The next close of the channel is to linger. On its event loop. */
  static void ask(Channel channel) {
    LingeringClose handler = channel.pipeline().get(LingeringClose.class);
    if (handler != null) {
      handler.asked = true;
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    Channel channel = ctx.channel();
    if (!asked || !channel.isActive()) {
      ctx.close(promise);
    } else if (!lingering) {
      lingering = true;
      channel.config().setAutoRead(true);
      ctx.executor().schedule(() -> ctx.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
      // TLS has no half of a close that its clients would understand.
      if (channel instanceof DuplexChannel both
          && channel.pipeline().get(SslHandler.class) == null) {
        both.shutdownOutput();
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }
}
