package io.anywire.http.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the TLS handshake, and puts the handlers of what ALPN has settled (RFC 7301) in its own
 * place; a client that offers nothing gets HTTP/1.1.
 */
final class TlsNegotiated extends ApplicationProtocolNegotiationHandler {
  private static final Logger log = LoggerFactory.getLogger(TlsNegotiated.class);

  private final Engine engine;
  private final boolean http3;
  private @Nullable Future<?> timer;

  /**
   * @param http3 whether HTTP/3 is served at the same port, so that responses say so
   */
  TlsNegotiated(Engine engine, boolean http3) {
    super(ApplicationProtocolNames.HTTP_1_1);
    this.engine = engine;
    this.http3 = http3;
  }

  /** The handshake has to be done in the time that a header may take. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    timer =
        ctx.executor()
            .schedule(
                (Runnable) ctx::close,
                ClientWatch.nanos(engine.limits().headerTime()),
                TimeUnit.NANOSECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) throws Exception {
    if (timer != null) {
      timer.cancel(false);
    }
    super.handlerRemoved(ctx);
  }

  @Override
  protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
    SSLSession session = ctx.pipeline().get(SslHandler.class).engine().getSession();
    int port = ((InetSocketAddress) ctx.channel().localAddress()).getPort();
    Optional<String> alternative = http3 ? Optional.of(Secured.http3At(port)) : Optional.empty();
    new Secured(session, alternative).keepWith(ctx.channel());
    if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
      ctx.pipeline().addLast(new Http2ConnectionBuilder(engine).build());
    } else {
      ProtocolSniffer.addHttp1(ctx.pipeline(), engine, false);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == Engine.Stop.INSTANCE || event == IdleWatch.Idle.INSTANCE) {
      ctx.close();
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
    broken(ctx, cause);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(ctx, cause);
  }

  private static void broken(ChannelHandlerContext ctx, Throwable cause) {
    log.atDebug()
        .addKeyValue("client", ctx.channel().remoteAddress())
        .setCause(cause)
        .log("A TLS handshake failed");
    ctx.close();
  }
}
