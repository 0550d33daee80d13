package io.anywire.http.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;

/** Puts a connection into its channel, behind TLS where there is any. */
final class ConnectionSetup extends ChannelInitializer<Channel> {
  private final Optional<Supplier<SslContext>> tls;
  private final InetSocketAddress target;
  private final Http2ClientConnection connection;

  /**
   * @param target whose name the server's certificate must bear
   */
  ConnectionSetup(
      Optional<Supplier<SslContext>> tls,
      InetSocketAddress target,
      Http2ClientConnection connection) {
    this.tls = tls;
    this.target = target;
    this.connection = connection;
  }

  @Override
  protected void initChannel(Channel channel) {
    tls.ifPresent(context -> channel.pipeline().addLast(verifying(context.get(), channel)));
    channel.pipeline().addLast(connection);
  }

  private SslHandler verifying(SslContext context, Channel channel) {
    SslHandler handler =
        context.newHandler(channel.alloc(), target.getHostString(), target.getPort());
    SSLParameters parameters = handler.engine().getSSLParameters();
    // The host's name is checked as in HTTP over TLS (RFC 9110, section 4.3.4).
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
    return handler;
  }
}
