package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Stands before the decoder of HTTP/1.1 and compares what goes in with what comes out: how long a
 * header takes, and how many bytes are spent on nothing, such as blank lines before a request, or
 * long extensions of short chunks (RFC 9112, section 7.1.1, asks for that limit).
 */
final class Http1Intake extends ChannelInboundHandlerAdapter {
  /** So many bytes in a row may amount to nothing. */
  private static final int WASTE = 64 << 10;

  /** What the line of a chunk may cost. */
  private static final int PER_CHUNK = 64;

  private final Http1ServerConnection connection;
  private final long headerNanos;
  private final long mostWaste;
  private long waste;
  private boolean withinBody;
  private boolean withinHeader;
  private long headerSince;

  Http1Intake(Http1ServerConnection connection, HttpLimits limits) {
    this.connection = connection;
    this.headerNanos = ClientWatch.nanos(limits.headerTime());
    this.mostWaste = WASTE + limits.headerBytes() + limits.floods().requestLine();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      waste += bytes.readableBytes();
    }
    ctx.fireChannelRead(message);
    if (ctx.isRemoved()) {
      // It was the wish for another protocol, which has been granted.
      return;
    }
    if (waste > mostWaste) {
      connection.refuseWaste();
    } else if (waste > 0 && !withinBody && !withinHeader) {
      withinHeader = true;
      headerSince = System.nanoTime();
      connection.watch();
    }
  }

  /** The decoder has made this of the bytes. */
  void decoded(HttpObject message) {
    if (message instanceof HttpRequest) {
      waste = 0;
      withinHeader = false;
      withinBody = true;
    }
    if (message instanceof HttpContent content) {
      waste = Math.max(0, waste - PER_CHUNK - content.content().readableBytes());
    }
    if (message instanceof LastHttpContent) {
      waste = 0;
      withinBody = false;
    }
  }

  /** Whether a header has begun and not ended. */
  boolean isWithinHeader() {
    return withinHeader;
  }

  /** Whether that is so for too long. */
  boolean isHeaderLate() {
    return withinHeader && System.nanoTime() - headerSince >= headerNanos;
  }
}
