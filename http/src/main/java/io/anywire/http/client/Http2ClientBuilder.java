package io.anywire.http.client;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.AsciiString;
import java.util.Set;

/** Sets Netty's HTTP/2 codec up for a client's connection. */
final class Http2ClientBuilder
    extends AbstractHttp2ConnectionHandlerBuilder<Http2ClientConnection, Http2ClientBuilder> {
  /** What differs in each request, and would only push the others out of HPACK's table. */
  private static final Set<AsciiString> NEVER_TWICE =
      Set.of(AsciiString.cached("grpc-timeout"), AsciiString.cached("traceparent"));

  /** Response headers of up to so many bytes end their own call only, not the connection. */
  private static final long BEARABLE_HEADER_BYTES = 1 << 20;

  private final Http2Client client;
  private final Http2ClientFrames frames = new Http2ClientFrames();

  Http2ClientBuilder(Http2Client client) {
    this.client = client;
    ClientSettings settings = client.settings();
    frameListener(frames);
    initialSettings(
        Http2Settings.defaultSettings()
            .pushEnabled(false)
            .maxConcurrentStreams(0)
            .initialWindowSize(settings.streamWindow())
            .maxHeaderListSize(settings.headerBytes()));
    gracefulShutdownTimeoutMillis(-1);
  }

  @Override
  protected Http2ClientConnection build() {
    Http2Connection connection = new DefaultHttp2Connection(false);
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(
            connection,
            new DefaultHttp2FrameWriter((name, value) -> NEVER_TWICE.contains(name), false));
    Http2FrameReader reader =
        new DefaultHttp2FrameReader(
            new DefaultHttp2HeadersDecoder(true, client.settings().headerBytes()));
    codec(new Decoder(connection, encoder, reader), encoder);
    return super.build();
  }

  @Override
  protected Http2ClientConnection build(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    Http2ClientConnection connection =
        new Http2ClientConnection(decoder, encoder, settings, client);
    frames.tell(connection);
    return connection;
  }

  private static final class Decoder extends DefaultHttp2ConnectionDecoder {
    Decoder(Http2Connection connection, Http2ConnectionEncoder encoder, Http2FrameReader reader) {
      super(connection, encoder, reader);
    }

    @Override
    protected long calculateMaxHeaderListSizeGoAway(long maxHeaderListSize) {
      return Math.max(
          BEARABLE_HEADER_BYTES, super.calculateMaxHeaderListSizeGoAway(maxHeaderListSize));
    }
  }
}
