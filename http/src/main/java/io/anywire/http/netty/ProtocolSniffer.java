package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1.1 by the first four bytes of a connection, and puts
 * the handlers of what it is in its own place.
 */
final class ProtocolSniffer extends ByteToMessageDecoder {
  /** How the preface of HTTP/2 begins (RFC 9113, section 3.4); no method of HTTP/1 does. */
  private static final int PREFACE = 'P' << 24 | 'R' << 16 | 'I' << 8 | ' ';

  private final Engine engine;
  private @Nullable Future<?> timer;

  ProtocolSniffer(Engine engine) {
    this.engine = engine;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < Integer.BYTES) {
      startTimer(ctx);
      return;
    }
    if (in.getInt(in.readerIndex()) == PREFACE) {
      ctx.pipeline().addLast(new Http2ConnectionBuilder(engine).build());
    } else {
      addHttp1(ctx.pipeline(), engine, true);
    }
    ctx.pipeline().remove(this);
  }

  /**
   * @param upgrades whether a client may change to HTTP/2; with TLS it does so by ALPN only
   */
  static void addHttp1(ChannelPipeline pipeline, Engine engine, boolean upgrades) {
    Http1ServerConnection connection = new Http1ServerConnection(engine, pipeline.channel());
    HttpRequestDecoder decoder = new HttpRequestDecoder(Http2Upgrade.decoding(engine.limits()));
    pipeline.addLast(connection.intake(), decoder);
    if (upgrades) {
      pipeline.addLast(new Http2Upgrade(decoder, connection, engine));
    }
    pipeline.addLast(connection);
  }

  /** From the first byte on, the header has to come. */
  private void startTimer(ChannelHandlerContext ctx) {
    if (timer == null) {
      timer =
          ctx.executor()
              .schedule(
                  (Runnable) ctx::close,
                  ClientWatch.nanos(engine.limits().headerTime()),
                  TimeUnit.NANOSECONDS);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (timer != null) {
      timer.cancel(false);
    }
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
}
