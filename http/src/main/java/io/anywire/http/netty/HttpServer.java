package io.anywire.http.netty;

import io.anywire.call.InFlight;
import io.anywire.http.exchange.ExchangeHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A server of HTTP/1.1 and HTTP/2 on one port: with prior knowledge, or upgraded from HTTP/1.1.
 * Thread-safe; every step of its ending is idempotent.
 */
public final class HttpServer implements AutoCloseable {
  private static final int BACKLOG = 1024;

  /** More than the PING of a connection that stops is waited for. */
  private static final long LEAVE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Engine engine;
  private final EventLoopGroup loops;
  private final Channel listener;
  private final ChannelGroup connections;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private HttpServer(
      Engine engine, EventLoopGroup loops, Channel listener, ChannelGroup connections) {
    this.engine = engine;
    this.loops = loops;
    this.listener = listener;
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
    Engine engine = new Engine(limits, handler, new InFlight());
    Transport transport = Transport.best();
    EventLoopGroup loops = transport.eventLoops();
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .handler(new ConnectionGate(limits))
            .childHandler(new NewConnection(engine, connections))
            .bind(address)
            .awaitUninterruptibly();
    Throwable failure = bound.cause();
    if (failure != null) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw cannotListen(address, failure);
    }
    return new HttpServer(engine, loops, bound.channel(), connections);
  }

  /** Where it listens, with the port that was really bound. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
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
      listener.close().awaitUninterruptibly();
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
      connections.forEach(HttpServer::breakOff);
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  /** Past the pipeline, since HTTP/2 would wait for its streams. */
  private static void breakOff(Channel channel) {
    channel.eventLoop().execute(() -> channel.unsafe().close(channel.unsafe().voidPromise()));
  }

  private static UncheckedIOException cannotListen(InetSocketAddress address, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    boolean inUse = message.toLowerCase(Locale.ROOT).contains("in use");
    String where = address.getHostString() + ":" + address.getPort();
    String why =
        address.isUnresolved() ? "unknown host" : inUse ? "address already in use" : message;
    IOException cause = failure instanceof IOException io ? io : new IOException(failure);
    return new UncheckedIOException("cannot listen on http://" + where + ": " + why, cause);
  }

  private static final class NewConnection extends ChannelInitializer<Channel> {
    private final Engine engine;
    private final ChannelGroup connections;

    NewConnection(Engine engine, ChannelGroup connections) {
      this.engine = engine;
      this.connections = connections;
    }

    @Override
    protected void initChannel(Channel channel) {
      connections.add(channel);
      HttpLimits limits = engine.limits();
      limits.age().ifPresent(age -> ConnectionAge.limit(channel, age, limits.ageGrace()));
      long idle = limits.idle().toMillis();
      long read = limits.readTime().toMillis();
      channel
          .pipeline()
          .addLast(
              new IdleStateHandler(0, read, idle, TimeUnit.MILLISECONDS),
              new LingeringClose(),
              new ProtocolSniffer(engine));
    }
  }
}
