package io.anywire.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3GoAwayFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client of HTTP/3 for tests: one connection of QUIC to 127.0.0.1, as Netty's codec has it and
 * not as this project does. Every method waits 10 s at most for what it needs, then fails.
 * Thread-safe.
 */
public final class Http3Client implements AutoCloseable {
  static final long LIMIT_SECONDS = 10;
  private static final int CONNECTION_WINDOW = 1 << 20;
  private static final int STREAM_WINDOW = 256 << 10;
  private static final long IDLE_SECONDS = 30;

  private final int port;
  private final EventLoopGroup loop;
  private final QuicChannel connection;
  private final CompletableFuture<Long> goAway;

  private Http3Client(
      int port, EventLoopGroup loop, QuicChannel connection, CompletableFuture<Long> goAway) {
    this.port = port;
    this.loop = loop;
    this.connection = connection;
    this.goAway = goAway;
  }

  /**
   * Connects, and trusts only the authority in that file.
   *
   * @param identity the client's own certificate, where the server asks for one
   * @throws IllegalStateException when the handshake fails
   */
  public static Http3Client connect(
      int port, Path authority, Optional<Certificates.Issued> identity) {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("http3-client", true), NioIoHandler.newFactory());
    try {
      return connect(port, authority, identity, loop);
    } catch (RuntimeException | Error e) {
      var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  private static Http3Client connect(
      int port, Path authority, Optional<Certificates.Issued> identity, EventLoopGroup loop) {
    QuicSslContextBuilder tls =
        QuicSslContextBuilder.forClient()
            .trustManager(authority.toFile())
            .applicationProtocols("h3");
    identity.ifPresent(own -> tls.keyManager(own.key().toFile(), null, own.certificate().toFile()));
    QuicSslContext context = tls.build();
    Bootstrap socket =
        new Bootstrap()
            .group(loop)
            .channel(NioDatagramChannel.class)
            .handler(
                Http3.newQuicClientCodecBuilder()
                    .sslEngineProvider(
                        channel -> context.newEngine(channel.alloc(), "127.0.0.1", port))
                    .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                    .initialMaxData(CONNECTION_WINDOW)
                    .initialMaxStreamDataBidirectionalLocal(STREAM_WINDOW)
                    .build());
    Channel udp = socket.bind("127.0.0.1", 0).syncUninterruptibly().channel();
    CompletableFuture<Long> goAway = new CompletableFuture<>();
    try {
      QuicChannel connection =
          awaited(
              QuicChannel.newBootstrap(udp)
                  .handler(
                      new Http3ClientConnectionHandler(new Control(goAway), null, null, null, true))
                  .remoteAddress(new InetSocketAddress("127.0.0.1", port))
                  .connect());
      return new Http3Client(port, loop, connection, goAway);
    } catch (RuntimeException | Error e) {
      udp.close().awaitUninterruptibly();
      throw e;
    }
  }

  /**
   * Begins a request, whose body may follow.
   *
   * @param headers without pseudo-headers, names in lower case
   */
  public Http3Call begin(String method, String path, Map<String, String> headers) {
    Http3Call call = new Http3Call();
    QuicStreamChannel stream = awaited(Http3.newRequestStream(connection, call));
    call.begin(stream, method, "127.0.0.1:" + port, path, headers);
    return call;
  }

  /** A whole request. */
  public Http3Call send(String method, String path, Map<String, String> headers, byte[] body) {
    Http3Call call = begin(method, path, headers);
    if (body.length > 0) {
      call.write(body);
    }
    return call.end();
  }

  /** Waits until the server says that it takes no request from this one on. */
  public long awaitGoAway() throws Exception {
    return goAway.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Waits until the server has closed the connection. */
  public boolean awaitClosed() throws InterruptedException {
    return connection.closeFuture().await(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    var told = connection.close().awaitUninterruptibly(LIMIT_SECONDS, TimeUnit.SECONDS);
    connection.parent().close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  static <T> T awaited(Future<T> future) {
    if (!future.awaitUninterruptibly(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("nothing happened in " + LIMIT_SECONDS + " s");
    }
    if (!future.isSuccess()) {
      throw new IllegalStateException(String.valueOf(future.cause()), future.cause());
    }
    return future.getNow();
  }

  private static final class Control extends ChannelInboundHandlerAdapter {
    private final CompletableFuture<Long> goAway;

    Control(CompletableFuture<Long> goAway) {
      this.goAway = goAway;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      if (frame instanceof Http3GoAwayFrame last) {
        goAway.complete(last.id());
      }
      ReferenceCountUtil.release(frame);
    }
  }
}
