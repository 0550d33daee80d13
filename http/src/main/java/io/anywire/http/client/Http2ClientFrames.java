package io.anywire.http.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/** Passes the frames that matter to a request on to its connection. */
final class Http2ClientFrames extends Http2FrameAdapter {
  private @Nullable Http2ClientConnection connection;

  /** Whom to tell; once, before the first frame. */
  void tell(Http2ClientConnection receiver) {
    connection = receiver;
  }

  /** The data counts against our window until the request says that it is consumed. */
  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    return receiver().data(streamId, data, endOfStream) ? padding : data.readableBytes() + padding;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream) {
    receiver().headers(streamId, headers, endOfStream);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endOfStream) {
    receiver().headers(streamId, headers, endOfStream);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    receiver().reset(streamId, errorCode);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
    receiver().settings();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long content) {
    receiver().pingAcknowledged();
  }

  private Http2ClientConnection receiver() {
    Http2ClientConnection current = connection;
    if (current == null) {
      throw new IllegalStateException("a frame before the connection");
    }
    return current;
  }
}
