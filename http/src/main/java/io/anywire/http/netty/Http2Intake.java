package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameLogger;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.logging.LogLevel;

/**
 * Sees every frame of a connection of HTTP/2, those included that Netty ignores, and keeps account:
 * requests and data earn, every other frame of the client costs. A client that spends more than it
 * has earned, and more than the limit allows it each second, floods (RFC 9113, section 10.5).
 *
 * <p>It stands where Netty has a place for a log of frames. Used on the event loop only.
 */
final class Http2Intake extends Http2FrameLogger {
  /** What a request may cost: updates of windows, priorities, a reset. */
  private static final int PER_REQUEST = 8;

  /** What a frame of data may cost, in either direction: updates of both windows, a PING. */
  private static final int PER_DATA = 4;

  private final Allowance allowance;
  private long bytesSinceFrame;
  private long incompleteSince;

  Http2Intake(FloodLimits limits) {
    super(LogLevel.TRACE, Http2Intake.class);
    this.allowance = new Allowance(limits.controlFrames());
  }

  /** So many bytes are about to be decoded. */
  void reading(int bytes) {
    if (bytesSinceFrame == 0) {
      incompleteSince = System.nanoTime();
    }
    bytesSinceFrame += bytes;
  }

  /** So many bytes are left of what has come, too few for a frame. */
  void left(int bytes) {
    if (bytes > 0 && bytesSinceFrame == 0) {
      reading(bytes);
    }
  }

  /** Whether bytes have come for so long that amount to no frame. */
  boolean isIncompleteFor(long nanos) {
    return bytesSinceFrame > 0 && System.nanoTime() - incompleteSince >= nanos;
  }

  boolean isIncomplete() {
    return bytesSinceFrame > 0;
  }

  /** Fails when too much has been spent. */
  void check() throws Http2Exception {
    if (allowance.isOverdrawn()) {
      throw Http2Exception.connectionError(
          Http2Error.ENHANCE_YOUR_CALM, "too many frames that carry nothing");
    }
  }

  private void costs(Direction direction) {
    if (direction == Direction.INBOUND) {
      bytesSinceFrame = 0;
      allowance.spend(1);
    }
  }

  @Override
  public boolean isEnabled() {
    return true;
  }

  @Override
  public void logData(
      Direction direction, ChannelHandlerContext ctx, int id, ByteBuf data, int pad, boolean end) {
    if (direction == Direction.INBOUND) {
      bytesSinceFrame = 0;
    }
    if (data.isReadable() || end) {
      allowance.earn(PER_DATA);
    } else {
      costs(direction);
    }
  }

  @Override
  public void logHeaders(
      Direction direction,
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int pad,
      boolean end) {
    if (direction == Direction.INBOUND) {
      bytesSinceFrame = 0;
      allowance.earn(PER_REQUEST);
    }
  }

  @Override
  public void logHeaders(
      Direction direction,
      ChannelHandlerContext ctx,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int pad,
      boolean end) {
    logHeaders(direction, ctx, id, headers, pad, end);
  }

  @Override
  public void logPriority(
      Direction direction,
      ChannelHandlerContext ctx,
      int id,
      int dependency,
      short weight,
      boolean exclusive) {
    costs(direction);
  }

  @Override
  public void logRstStream(Direction direction, ChannelHandlerContext ctx, int id, long code) {
    costs(direction);
  }

  @Override
  public void logSettingsAck(Direction direction, ChannelHandlerContext ctx) {
    costs(direction);
  }

  @Override
  public void logSettings(Direction direction, ChannelHandlerContext ctx, Http2Settings settings) {
    costs(direction);
  }

  @Override
  public void logPing(Direction direction, ChannelHandlerContext ctx, long data) {
    costs(direction);
  }

  @Override
  public void logPingAck(Direction direction, ChannelHandlerContext ctx, long data) {
    costs(direction);
  }

  @Override
  public void logGoAway(
      Direction direction, ChannelHandlerContext ctx, int lastId, long code, ByteBuf debugData) {
    costs(direction);
  }

  @Override
  public void logWindowsUpdate(
      Direction direction, ChannelHandlerContext ctx, int id, int increment) {
    costs(direction);
  }

  @Override
  public void logUnknownFrame(
      Direction direction,
      ChannelHandlerContext ctx,
      byte type,
      int id,
      Http2Flags flags,
      ByteBuf data) {
    costs(direction);
  }

  @Override
  public void logPushPromise(
      Direction direction,
      ChannelHandlerContext ctx,
      int id,
      int promisedId,
      Http2Headers headers,
      int pad) {
    costs(direction);
  }
}
