package io.anywire.http.netty;

import io.anywire.call.InFlight;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.tls.ServerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server of HTTP/1.1 and HTTP/2 on one port: with prior knowledge, or upgraded from HTTP/1.1.
 * With TLS the two are told apart by ALPN, and HTTP/3 is served on the same port of UDP.
 * Thread-safe; every step of its ending is idempotent.
 */
public final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 1024;

  /** More than the PING of a connection that stops is waited for. */
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Engine engine;
  private final EventLoopGroup loops;
  private final Sockets sockets;
  private final Optional<ServerTls> tls;
  private final ChannelGroup connections;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private HttpServer(
      Engine engine,
      EventLoopGroup loops,
      Sockets sockets,
      Optional<ServerTls> tls,
      ChannelGroup connections) {
    this.engine = engine;
    this.loops = loops;
    this.sockets = sockets;
    this.tls = tls;
    this.connections = connections;
  }

  /**
   * Binds {@code address} and serves; when this returns, clients are answered.
   *
   * @param address where to listen; port 0 takes a free one
   * @throws UncheckedIOException when the address cannot be bound; the message says why in one line
   */
  public static HttpServer start(
      InetSocketAddress address, HttpLimits limits, ExchangeHandler handler) {
    return start(address, limits, Optional.empty(), handler);
  }

  /**
   * The same with TLS, or without where there is none.
   *
   * @param tls closed with the server, also with one that did not start
   */
  public static HttpServer start(
      InetSocketAddress address,
      HttpLimits limits,
      Optional<ServerTls> tls,
      ExchangeHandler handler) {
    Engine engine = new Engine(limits, handler, new InFlight());
    Transport transport = Transport.best();
    EventLoopGroup loops = transport.eventLoops();
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    ConnectionGate gate = new ConnectionGate(limits);
    ServerBootstrap tcp =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .handler(gate)
            .childHandler(new NewConnection(engine, tls, connections));
    Optional<Http3Listener> http3 =
        tls.filter(t -> t.quic().isPresent())
            .map(t -> new Http3Listener(engine, t, gate, connections));
    try {
      String scheme = tls.isPresent() ? "https" : "http";
      Sockets sockets = Sockets.bind(scheme, address, tcp, http3, transport, loops);
      return new HttpServer(engine, loops, sockets, tls, connections);
    } catch (UncheckedIOException e) {
      tls.ifPresent(ServerTls::close);
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /** Where it listens, with the port that was really bound. */
  public InetSocketAddress address() {
    return sockets.address();
  }

  /** How many exchanges have begun and not ended. */
  public long inFlight() {
    return engine.inFlight().count();
  }

  /**
   * Accepts no connection any more and asks clients to go elsewhere; running exchanges go on, and
   * their connections close after them.
   */
  public void stop() {
    if (stopped.compareAndSet(false, true)) {
      sockets.stop();
      connections.forEach(channel ->
          channel
              .eventLoop()
              .execute(() -> channel.pipeline().fireUserEventTriggered(Engine.Stop.INSTANCE)));
    }
  }

  /**
   * Waits until no exchange is in flight, and, after {@link #stop}, a moment longer for clients to
   * take their leave, so that what they have on its way is not cut off.
   *
   * @return whether nothing was in flight within {@code limit}
   */
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    boolean idle = engine.inFlight().awaitIdle(limit);
    if (idle && stopped.get()) {
      long left = Math.clamp(end - System.nanoTime(), 0, LEAVE_NANOS);
      connections.newCloseFuture().await(left, TimeUnit.NANOSECONDS);
      return engine.inFlight().awaitIdle(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    return idle;
  }

  /** Stops, breaks off what still runs, and releases everything. */
  @Override
  public void close() {
    stop();
    if (closed.compareAndSet(false, true)) {
      tls.ifPresent(ServerTls::close);
      connections.forEach(HttpServer::breakOff);
      sockets.close();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /** Past the pipeline, since HTTP/2 would wait for its streams. */
  private static void breakOff(Channel channel) {
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.unsafe().voidPromise()));
  }

  private static final class NewConnection extends ChannelInitializer<Channel> {
    private final Engine engine;
    private final Optional<ServerTls> tls;
    private final ChannelGroup connections;

    NewConnection(Engine engine, Optional<ServerTls> tls, ChannelGroup connections) {
      this.engine = engine;
      this.tls = tls;
      this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
      connections.add(channel);
      HttpLimits limits = engine.limits();
      limits.age().ifPresent(age -> ConnectionAge.limit(channel, age, limits.ageGrace()));
      channel.pipeline().addLast(new IdleWatch(limits), new LingeringClose());
      tls.ifPresentOrElse(
          by ->
              channel
                  .pipeline()
                  .addLast(new TlsSniffer(by), new TlsNegotiated(engine, by.quic().isPresent())),
          () -> channel.pipeline().addLast(new ProtocolSniffer(engine)));
    }
  }
}
