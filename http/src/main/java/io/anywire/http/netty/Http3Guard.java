package io.anywire.http.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.quic.QuicException;
import java.util.function.Supplier;

/**
 * Stands behind the codec on a stream that only the client sends on, and ends the connection when
 * the codec fails over what has come: otherwise it would fail, and log, with each packet anew.
 */
final class Http3Guard extends ChannelInboundHandlerAdapter {
  private final Http3ServerConnection connection;
  private final Supplier<Http3StreamType> type;

  /**
   * @param type of what type the stream is, as far as is known
   */
  Http3Guard(Http3ServerConnection connection, Supplier<Http3StreamType> type) {
    this.connection = connection;
    this.type = type;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http3Exception http3) {
      connection.fail(http3.errorCode(), String.valueOf(http3.getMessage()));
    } else if (!(cause instanceof QuicException)) {
      connection.fail(type.get().unreadable, "what has come cannot be read");
    } else if (type.get().critical) {
      connection.fail(
          Http3ErrorCode.H3_CLOSED_CRITICAL_STREAM, "a stream that is needed was reset");
    }
  }
}
