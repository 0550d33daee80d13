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
  private final Engine engine;
  private final Http2Frames frames = new Http2Frames();
  private final Http2Intake intake;

  Http2ConnectionBuilder(Engine engine) {
    this.engine = engine;
    HttpLimits limits = engine.limits();
    FloodLimits floods = limits.floods();
    this.intake = new Http2Intake(floods);
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
    validateRequiredPseudoHeaders(true);
    frameLogger(intake);
    // Those that the client sends, and those that its errors make us send.
    decoderEnforceMaxRstFramesPerWindow(floods.resets(), FloodLimits.SPAN_SECONDS);
    encoderEnforceMaxRstFramesPerWindow(floods.streamErrors(), FloodLimits.SPAN_SECONDS);
  }

  @Override
  protected Http2ServerConnection build() {
    return super.build();
  }

  @Override
  protected Http2ServerConnection build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    Http2ServerConnection connection =
        new Http2ServerConnection(decoder, encoder, settings, engine, intake);
    frames.tell(connection);
    return connection;
  }
}
