package io.anywire.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;

/** What has been written for a client that does not take it. On the connection's event loop. */
final class UnreadResponse {
  private UnreadResponse() {}

  /**
   * Whether the event says that writes wait for the socket, and that none was done for long. How
   * many wait does not matter: a client that reads nothing can still make us write.
   */
  static boolean isToldBy(IdleStateEvent event, Channel channel) {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return event.state() == IdleState.WRITER_IDLE && waiting != null && !waiting.isEmpty();
  }

  /** Resets the connection, so that the system too forgets what it holds for the client. */
  static void drop(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.unsafe().close(channel.unsafe().voidPromise());
  }
}
