package io.anywire.bench.server;

import io.anywire.bench.v1.HelloRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.util.AsciiString;
import javax.net.ssl.SSLException;

/**
 * The limit: Netty's HTTP/2 codec and a constant reply. It parses no message and knows no method,
 * so no server that does can be as quick.
 */
public final class NettyGrpc {
  private static final Http2Headers HEADERS =
      ReadOnlyHttp2Headers.serverHeaders(
          false,
          AsciiString.cached("200"),
          AsciiString.cached("content-type"),
          AsciiString.cached("application/grpc"));
  private static final Http2Headers TRAILERS =
      ReadOnlyHttp2Headers.trailers(
          false, AsciiString.cached("grpc-status"), AsciiString.cached("0"));
  private static final ByteBuf REPLY = reply();

  private NettyGrpc() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws InterruptedException, SSLException {
    NettyServer.serve(
        Integer.parseInt(args[0]),
        ApplicationProtocolNames.HTTP_2,
        pipeline -> pipeline.addLast(new Builder().build()));
  }

  private static ByteBuf reply() {
    HelloRequest world = HelloRequest.newBuilder().setName("world").build();
    byte[] message = Greeter.reply(world).toByteArray();
    ByteBuf frame = Unpooled.buffer().writeByte(0).writeInt(message.length).writeBytes(message);
    return Unpooled.unreleasableBuffer(frame.asReadOnly());
  }

  /** Flushes when a read is over, as the connection handler of Netty does. */
  private static final class Connection extends Http2ConnectionHandler {
    Connection(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      super(decoder, encoder, settings);
    }
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Connection, Builder> {
    @Override
    protected Connection build() {
      server(true);
      initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(1_000));
      return super.build();
    }

    @Override
    protected Connection build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      frameListener(new Answerer(encoder));
      return new Connection(decoder, encoder, settings);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends its connection.
  private static final class Answerer extends Http2FrameAdapter {
    private final Http2ConnectionEncoder encoder;

    Answerer(Http2ConnectionEncoder encoder) {
      this.encoder = encoder;
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end) {
      int consumed = data.readableBytes() + padding;
      if (end) {
        encoder.writeHeaders(context, stream, HEADERS, 0, false, context.newPromise());
        encoder.writeData(context, stream, REPLY.duplicate(), 0, false, context.newPromise());
        encoder.writeHeaders(context, stream, TRAILERS, 0, true, context.newPromise());
      }
      return consumed;
    }
  }
}
