package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Joins the small writes between two flushes into one buffer: HTTP/2 writes each frame by itself,
 * and to carry a buffer to the socket costs more than to copy a hundred bytes. Every write still
 * succeeds or fails by itself, and not before its bytes are out.
 */
final class SmallWrites extends ChannelOutboundHandlerAdapter {
  private static final int SMALL = 512;
  private static final int JOINED = 16 << 10;
  private static final int FIRST = 1 << 10;

  private final Queue<ChannelPromise> unwritten = new ArrayDeque<>();
  private @Nullable ByteBuf joined;
  private int inJoined;

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes && bytes.readableBytes() <= SMALL) {
      join(ctx, bytes, promise);
    } else {
      pass(ctx);
      ctx.write(message, promise);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    pass(ctx);
    ctx.flush();
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    pass(ctx);
    ctx.close(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    pass(ctx);
  }

  private void join(ChannelHandlerContext ctx, ByteBuf bytes, ChannelPromise promise) {
    ByteBuf to = joined;
    if (to == null) {
      to = ctx.alloc().directBuffer(FIRST);
      joined = to;
    }
    try {
      to.writeBytes(bytes);
    } finally {
      bytes.release();
    }
    unwritten.add(promise);
    inJoined++;
    if (to.readableBytes() >= JOINED) {
      pass(ctx);
    }
  }

  private void pass(ChannelHandlerContext ctx) {
    ByteBuf whole = joined;
    if (whole == null) {
      return;
    }
    int writes = inJoined;
    joined = null;
    inJoined = 0;
    ctx.write(whole).addListener((ChannelFuture done) -> tell(done, writes));
  }

  /** Buffers come out in the order in which they went in. */
  private void tell(ChannelFuture done, int writes) {
    for (int i = 0; i < writes; i++) {
      ChannelPromise promise = unwritten.remove();
      if (promise.isVoid()) {
        continue;
      }
      if (done.isSuccess()) {
        promise.trySuccess();
      } else {
        promise.tryFailure(done.cause());
      }
    }
  }
}
