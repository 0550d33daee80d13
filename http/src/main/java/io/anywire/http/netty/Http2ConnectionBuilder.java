package io.anywire.http.netty;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** Sets Netty's HTTP/2 codec up for a server's connection. */
final class Http2ConnectionBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2ServerConnection, Http2ConnectionBuilder> {
  /**
   * How many streams a client may reset in {@link #RESET_SECONDS} (CVE-2023-44487): far above what
   * deadlines and cancellations amount to, far below a flood.
   */
  private static final int RESETS = 20_000;

  private static final int RESET_SECONDS = 30;

  private final Engine engine;
  private final Http2Frames frames = new Http2Frames();

  Http2ConnectionBuilder(Engine engine) {
    this.engine = engine;
    HttpLimits limits = engine.limits();
    Http2Connection connection = new DefaultHttp2Connection(true);
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    connection(connection);
    frameListener(frames);
    initialSettings(
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(limits.concurrentStreams())
            .initialWindowSize(limits.streamWindow())
            .maxHeaderListSize(limits.headerBytes()));
    gracefulShutdownTimeoutMillis(-1);
    decoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS);
    encoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS);
  }

  @Override
  protected Http2ServerConnection build() {
    return super.build();
  }

  @Override
  protected Http2ServerConnection build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    Http2ServerConnection connection =
        new Http2ServerConnection(decoder, encoder, settings, engine);
    frames.tell(connection);
    return connection;
  }
}
