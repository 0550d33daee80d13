package io.anywire.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices that nothing moves on a connection. Looks from time to time, so that reading and writing
 * cost next to nothing; what it notices is therefore late by up to a {@value #LOOKS}th of the time.
 *
 * <ul>
 *   <li>Nothing was read or written for the idle time: {@link Idle} is fired, and again after each
 *       further such time.
 *   <li>Something that was written has waited for the client for the read time: the connection is
 *       reset, so that the system too forgets what it holds for the client. How much waits does not
 *       matter: a client that reads nothing can still make us write.
 * </ul>
 */
final class IdleWatch extends ChannelDuplexHandler {
  private static final int LOOKS = 8;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final long idleNanos;
  private final long readNanos;
  private final long everyNanos;
  private @Nullable Future<?> next;
  private boolean moved;
  private long movedAt;
  private @Nullable Object unread;
  private long unreadSince;

  /** Fired when nothing has moved for long. */
  enum Idle {
    INSTANCE
  }

  IdleWatch(HttpLimits limits) {
    idleNanos = ClientWatch.nanos(limits.idle());
    readNanos = ClientWatch.nanos(limits.readTime());
    everyNanos = Math.clamp(Math.min(idleNanos, readNanos) / LOOKS, 1, LONGEST_NANOS);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    movedAt = System.nanoTime();
    schedule(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stop();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    moved = true;
    ctx.fireChannelRead(message);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    moved = true;
    ctx.flush();
  }

  private void schedule(ChannelHandlerContext ctx) {
    next = ctx.executor().schedule(() -> look(ctx), everyNanos, TimeUnit.NANOSECONDS);
  }

  private void stop() {
    Future<?> timer = next;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void look(ChannelHandlerContext ctx) {
    if (!ctx.channel().isOpen() || ctx.isRemoved()) {
      return;
    }
    schedule(ctx);
    long now = System.nanoTime();
    if (isUnread(ctx.channel(), now)) {
      drop(ctx.channel());
    } else if (moved) {
      moved = false;
      movedAt = now;
    } else if (now - movedAt >= idleNanos) {
      movedAt = now;
      ctx.fireUserEventTriggered(Idle.INSTANCE);
    }
  }

  /** Whether what is first in the line to the socket has been there for too long. */
  private boolean isUnread(Channel channel, long now) {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    Object first = waiting == null ? null : waiting.current();
    if (first == null || first != unread) {
      unread = first;
      unreadSince = now;
      return false;
    }
    return now - unreadSince >= readNanos;
  }

  private static void drop(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.unsafe().close(channel.unsafe().voidPromise());
  }
}
