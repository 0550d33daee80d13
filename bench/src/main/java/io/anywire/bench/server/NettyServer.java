package io.anywire.bench.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/** A server on Netty and nothing else, with one event loop a processor. */
final class NettyServer {
  private NettyServer() {}

  /**
   * Serves until the process is killed.
   *
   * @param protocol what ALPN selects where there is TLS
   * @param pipeline adds what comes after TLS
   */
  static void serve(int port, String protocol, Consumer<ChannelPipeline> pipeline)
      throws InterruptedException, SSLException {
    Optional<SslContext> tls = tls(protocol);
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> channel =
        Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    int processors = Runtime.getRuntime().availableProcessors();
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(processors, io))
        .channel(channel)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel connection) {
                tls.ifPresent(context ->
                    connection.pipeline().addLast(context.newHandler(connection.alloc())));
                pipeline.accept(connection.pipeline());
              }
            })
        .bind("127.0.0.1", port)
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  private static Optional<SslContext> tls(String protocol) throws SSLException {
    Optional<PemFiles> pem = PemFiles.given();
    if (pem.isEmpty()) {
      return Optional.empty();
    }
    var alpn =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            protocol);
    return Optional.of(
        SslContextBuilder.forServer(pem.get().certificate().toFile(), pem.get().key().toFile())
            .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(alpn)
            .build());
  }
}
