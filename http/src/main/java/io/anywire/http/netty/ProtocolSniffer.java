package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.List;

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1.1 by the first four bytes of a connection, and puts
 * the handlers of what it is in its own place.
 */
final class ProtocolSniffer extends ByteToMessageDecoder {
  /** How the preface of HTTP/2 begins (RFC 9113, section 3.4); no method of HTTP/1 does. */
  private static final int PREFACE = 'P' << 24 | 'R' << 16 | 'I' << 8 | ' ';

  private final Engine engine;

  ProtocolSniffer(Engine engine) {
    this.engine = engine;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < Integer.BYTES) {
      return;
    }
    if (in.getInt(in.readerIndex()) == PREFACE) {
      ctx.pipeline().addLast(new Http2ConnectionBuilder(engine).build());
    } else {
      addHttp1(ctx.pipeline());
    }
    ctx.pipeline().remove(this);
  }

  private void addHttp1(ChannelPipeline pipeline) {
    Http1ServerConnection connection = new Http1ServerConnection(engine, pipeline.channel());
    HttpServerCodec codec = new HttpServerCodec(Http2Upgrade.decoding(engine.limits()));
    pipeline.addLast(codec, new Http2Upgrade(codec, connection, engine), connection);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == Engine.Stop.INSTANCE || event instanceof IdleStateEvent) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
