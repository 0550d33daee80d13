package io.anywire.http.netty;

import io.anywire.http.tls.ServerTls;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The UDP side of a port: connections of QUIC (RFC 9000) that carry HTTP/3 (RFC 9114). One socket,
 * and so one event loop, serves them all.
 *
 * <p>A connection on which nothing moves is dropped by QUIC itself; it tells clients from those who
 * only pretend to have their address before it keeps anything of them.
 */
final class Http3Listener extends ChannelInitializer<QuicChannel> {
  /** "The server refused to accept a new connection" (RFC 9000, section 20.1). */
  private static final int CONNECTION_REFUSED = 0x2;

  private final Engine engine;
  private final ServerTls tls;
  private final ConnectionGate gate;
  private final ChannelGroup connections;
  private volatile boolean stopped;

  Http3Listener(Engine engine, ServerTls tls, ConnectionGate gate, ChannelGroup connections) {
    this.engine = engine;
    this.tls = tls;
    this.gate = gate;
    this.connections = connections;
  }

  /** Binds; connections are served when that has succeeded. */
  ChannelFuture bind(InetSocketAddress address, Transport transport, EventLoopGroup loops) {
    return new Bootstrap()
        .group(loops)
        .channel(transport.datagramChannel())
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel socket) {
                socket.pipeline().addLast(new DatagramGate(), codec());
              }
            })
        .bind(address);
  }

  /** Accepts no connection any more. */
  void stop() {
    stopped = true;
  }

  private ChannelHandler codec() {
    HttpLimits limits = engine.limits();
    return Http3.newQuicServerCodecBuilder()
        .sslEngineProvider(this::newEngine)
        .tokenHandler(new AddressTokens())
        .maxIdleTimeout(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
        .initialMaxData(limits.connectionWindow())
        .initialMaxStreamDataBidirectionalRemote(limits.streamWindow())
        .initialMaxStreamsBidirectional(limits.concurrentStreams())
        .handler(this)
        .build();
  }

  private QuicSslEngine newEngine(QuicChannel channel) {
    return tls.quic().orElseThrow().newEngine(channel.alloc());
  }

  @Override
  public boolean isSharable() {
    return true;
  }

  @Override
  protected void initChannel(QuicChannel channel) {
    if (stopped || !gate.admits(channel, channel.remoteSocketAddress())) {
      channel.pipeline().addLast(new Refusing());
      return;
    }
    connections.add(channel);
    HttpLimits limits = engine.limits();
    limits.age().ifPresent(age -> ConnectionAge.limit(channel, age, limits.ageGrace()));
    Http3ServerConnection connection = new Http3ServerConnection(engine, channel);
    // A quarter more than is served, so that most that is too large can be told so by a status.
    Http3Settings settings =
        new Http3Settings().maxFieldSectionSize(limits.headerBytes() + limits.headerBytes() / 4);
    // Without QPACK's dynamic table no request waits for the packets of another one.
    channel
        .pipeline()
        .addLast(
            connection,
            new Http3ServerConnectionHandler(
                new NewStream(connection),
                null,
                null,
                new DefaultHttp3SettingsFrame(settings),
                true));
  }

  /** As soon as the client's first packet has been read: before, there is no key to answer by. */
  private static final class Refusing extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.executor().execute(() -> refuse((QuicChannel) ctx.channel()));
    }

    private static void refuse(QuicChannel channel) {
      channel.close(false, CONNECTION_REFUSED, Unpooled.EMPTY_BUFFER);
    }
  }

  private static final class NewStream extends ChannelInitializer<QuicStreamChannel> {
    private final Http3ServerConnection connection;

    NewStream(Http3ServerConnection connection) {
      this.connection = connection;
    }

    @Override
    protected void initChannel(QuicStreamChannel stream) {
      stream.pipeline().addFirst(new Http3Intake(connection, false));
      stream.pipeline().addLast(new Http3ServerStream(connection, stream));
    }
  }
}
