package io.anywire.http.client;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A connection of HTTP/2 to a server: Netty's codec, whose frames go straight to the requests. It
 * can be used once the server's SETTINGS are in, takes no new requests after a GOAWAY, and then
 * closes with its last stream. For the event loop only.
 */
final class Http2ClientConnection extends Http2ConnectionHandler {
  private final Http2Client client;
  private final Http2Connection.PropertyKey requestKey;
  private final KeepAlive keepAlive;
  private @Nullable ChannelHandlerContext context;
  private boolean windowOpened;
  private boolean ready;
  private boolean retired;
  private boolean unflushed;
  private int lastProcessed = Integer.MAX_VALUE;
  private @Nullable Throwable cause;
  private @Nullable Status ending;

  Http2ClientConnection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings,
      Http2Client client) {
    super(decoder, encoder, settings);
    this.client = client;
    this.requestKey = connection().newKey();
    this.keepAlive = new KeepAlive(this, client);
    connection().addListener(new Events());
  }

  // Requests.

  /** Whether a request can begin here now. */
  boolean hasRoom() {
    return ready && !retired && connection().local().canOpenStream();
  }

  /** Gives the request a stream; only when there {@link #hasRoom}. */
  void open(ClientStream request) {
    int id = connection().local().incrementAndGetNextStreamId();
    if (id < 0) {
      // All 2^30 ids of a client have been used (RFC 9113, section 5.1.1).
      retire();
      client.place(request);
      return;
    }
    if (connection().numActiveStreams() == 0) {
      keepAlive.begun();
    }
    request.open(this, id);
  }

  ChannelFuture writeHeaders(int id, Http2Headers headers) {
    wrote();
    return encoder().writeHeaders(context(), id, headers, 0, false, promise());
  }

  /** Whom the stream's frames are for. */
  @Nullable Http2Stream begun(ClientStream request, int id) {
    Http2Stream stream = connection().stream(id);
    if (stream != null) {
      stream.setProperty(requestKey, request);
    }
    return stream;
  }

  void writeData(int id, ByteBuf data, boolean end, ChannelPromise promise) {
    wrote();
    encoder().writeData(context(), id, data, 0, end, promise);
  }

  void reset(int id, Http2Error why) {
    wrote();
    resetStream(context(), id, why.code(), promise());
  }

  void consumed(Http2Stream stream, int bytes) {
    try {
      if (bytes > 0 && decoder().flowController().consumeBytes(stream, bytes)) {
        wrote();
      }
    } catch (Http2Exception e) {
      onError(context(), true, e);
    }
  }

  void ping(long content) {
    encoder().writePing(context(), false, content, promise());
    flush(context());
  }

  ChannelPromise promise() {
    return context().newPromise();
  }

  SocketAddress remoteAddress() {
    return context().channel().remoteAddress();
  }

  SocketAddress localAddress() {
    return context().channel().localAddress();
  }

  boolean isIdle() {
    return connection().numActiveStreams() == 0;
  }

  // What the frames say.

  void headers(int streamId, Http2Headers headers, boolean end) {
    ClientStream request = request(connection().stream(streamId));
    if (request != null) {
      request.onHeaders(headers, end);
    }
  }

  /** Whether somebody took the data, and will say when it is consumed. */
  boolean data(int streamId, ByteBuf data, boolean end) {
    ClientStream request = request(connection().stream(streamId));
    if (request != null) {
      request.onData(data, end);
    }
    return request != null;
  }

  void reset(int streamId, long code) {
    ClientStream request = leave(connection().stream(streamId));
    if (request != null && code == Http2Error.REFUSED_STREAM.code()) {
      request.refuse(Resets.status(code));
    } else if (request != null) {
      request.fail(Resets.status(code));
    }
  }

  void settings() {
    if (ready) {
      client.roomChanged();
    } else {
      ready = true;
      client.connected(this);
    }
  }

  void pingAcknowledged() {
    keepAlive.heard();
  }

  private @Nullable ClientStream request(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(requestKey);
  }

  /** Before a request is told its end, since it may begin anew, on another stream. */
  private @Nullable ClientStream leave(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.removeProperty(requestKey);
  }

  // Reading and writing.

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    openWindow(ctx);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    openWindow(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    keepAlive.heard();
    client.outbox().reading();
    super.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    client.outbox().readComplete();
    super.channelReadComplete(ctx);
    client.flush();
  }

  /** Flushes what was written since the last time. */
  void flushWritten() {
    unflushed = false;
    flush(context());
  }

  private void wrote() {
    if (!unflushed) {
      unflushed = true;
      client.unflushed(this);
    }
  }

  private void openWindow(ChannelHandlerContext ctx) throws Http2Exception {
    if (!windowOpened && ctx.channel().isActive()) {
      windowOpened = true;
      Http2Stream all = connection().connectionStream();
      int now = decoder().flowController().windowSize(all);
      decoder()
          .flowController()
          .incrementWindowSize(all, client.settings().connectionWindow() - now);
      flush(ctx);
    }
  }

  // Endings.

  /** Takes no new requests, and closes with the last that runs. */
  void retire() {
    if (!retired) {
      retired = true;
      client.retired(this);
      closeIfDone();
    }
  }

  /** Ends at once; what runs fails with {@code why}. */
  void breakOff(Status why) {
    ending = why;
    // Past this handler, which would wait for the streams.
    context().close();
  }

  private void closeIfDone() {
    if (retired && isIdle()) {
      context().channel().close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    retired = true;
    keepAlive.ended();
    super.channelInactive(ctx);
    if (ready) {
      client.lost(this);
    }
    client.flush();
  }

  /** Why it ended, as far as is known. */
  @Nullable Throwable cause() {
    return cause;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      secured(ctx, handshake);
    }
    super.userEventTriggered(ctx, event);
  }

  private void secured(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    String protocol = tls == null ? null : tls.applicationProtocol();
    if (!handshake.isSuccess()) {
      cause = handshake.cause();
      ctx.close();
    } else if (!ApplicationProtocolNames.HTTP_2.equals(protocol)) {
      cause = new IOException("the server does not speak HTTP/2 (ALPN: " + protocol + ")");
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) throws Exception {
    if (cause == null) {
      cause = thrown;
    }
    if (Http2CodecUtil.getEmbeddedHttp2Exception(thrown) != null) {
      super.exceptionCaught(ctx, thrown);
    } else {
      ctx.close();
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable thrown,
      @Nullable Http2Exception http2Exception) {
    if (cause == null) {
      cause = thrown;
    }
    super.onConnectionError(ctx, outbound, thrown, http2Exception);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable thrown,
      Http2Exception.StreamException error) {
    ClientStream request = leave(connection().stream(error.streamId()));
    if (request != null) {
      request.fail(
          error instanceof Http2Exception.HeaderListSizeException
              ? Status.RESOURCE_EXHAUSTED.withDescription(
                  "response metadata of more than "
                      + client.settings().headerBytes()
                      + " bytes (expected: <= "
                      + client.settings().headerBytes()
                      + ")")
              : Status.INTERNAL.withDescription("HTTP/2: " + error.getMessage()).withCause(error));
    }
    super.onStreamError(ctx, outbound, thrown, error);
  }

  private Status ending() {
    Status known = ending;
    return known == null ? ConnectFailure.lost(client.target(), cause) : known;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext current = context;
    if (current == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return current;
  }

  private final class Events extends Http2ConnectionAdapter {
    /** Netty closes the streams above {@code lastStreamId} after this. */
    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      String reason = debugData.toString(StandardCharsets.UTF_8);
      lastProcessed = lastStreamId;
      ending = Resets.goAway(client.target(), errorCode, reason);
      if (errorCode == Http2Error.ENHANCE_YOUR_CALM.code() && reason.equals("too_many_pings")) {
        client.tooManyPings();
      }
      retire();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      ClientStream request = leave(stream);
      if (request != null && stream.id() > lastProcessed) {
        request.refuse(ending());
      } else if (request != null) {
        request.fail(ending());
      }
    }

    @Override
    public void onStreamRemoved(Http2Stream stream) {
      if (retired) {
        closeIfDone();
      } else {
        client.roomChanged();
        if (isIdle()) {
          client.idle(Http2ClientConnection.this);
        }
      }
    }
  }
}
