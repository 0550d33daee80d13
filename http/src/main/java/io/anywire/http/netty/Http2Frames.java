package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/** Passes the frames that matter to an exchange on to its connection. */
final class Http2Frames extends Http2FrameAdapter {
  private @Nullable Http2ServerConnection connection;

  /** Whom to tell; once, before the first frame. */
  void tell(Http2ServerConnection receiver) {
    connection = receiver;
  }

  /** The data counts against the client's window until the exchange says that it is consumed. */
  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
    receiver().data(streamId, data, endOfStream);
    return padding;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    receiver().headers(ctx, streamId, headers, endOfStream);
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
      boolean endOfStream)
      throws Http2Exception {
    receiver().headers(ctx, streamId, headers, endOfStream);
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings)
      throws Http2Exception {
    receiver().settings(settings);
  }

  @Override
  public void onPingRead(ChannelHandlerContext ctx, long content) throws Http2Exception {
    receiver().pinged();
  }

  @Override
  public void onPingAckRead(ChannelHandlerContext ctx, long content) {
    receiver().pingAcknowledged(content);
  }

  private Http2ServerConnection receiver() {
    Http2ServerConnection current = connection;
    if (current == null) {
      throw new IllegalStateException("a frame before the connection");
    }
    return current;
  }
}
