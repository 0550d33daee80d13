package io.anywire.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the connections of a server. It stands at the listening socket of TCP and closes those
 * beyond the limits as soon as they are accepted, before anything is set up for them; those over
 * UDP are counted with them. It says so at most once a second. Thread-safe.
 */
final class ConnectionGate extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionGate.class);
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpLimits limits;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong loggedAt = new AtomicLong(System.nanoTime() - LOG_EVERY_NANOS);

  ConnectionGate(HttpLimits limits) {
    this.limits = limits;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Channel connection = (Channel) message;
    if (admits(connection, connection.remoteAddress())) {
      ctx.fireChannelRead(connection);
    } else {
      connection.unsafe().closeForcibly();
    }
  }

  @Override
  public boolean isSharable() {
    return true;
  }

  /** Whether a new connection from that address may stay; it is counted until it closes. */
  boolean admits(Channel connection, @Nullable SocketAddress from) {
    boolean admitted = enters(connection, address(from));
    if (!admitted) {
      logRefusal(from);
    }
    return admitted;
  }

  private boolean enters(Channel connection, @Nullable InetAddress address) {
    if (open.get() >= limits.connections()) {
      return false;
    }
    if (address != null
        && openByAddress.merge(address, 1, Integer::sum)
            > limits.floods().connectionsPerAddress()) {
      leave(address);
      return false;
    }
    open.incrementAndGet();
    connection
        .closeFuture()
        .addListener(closed -> {
          open.decrementAndGet();
          leave(address);
        });
    return true;
  }

  private void leave(@Nullable InetAddress address) {
    if (address != null) {
      openByAddress.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    }
  }

  private void logRefusal(@Nullable SocketAddress last) {
    refused.incrementAndGet();
    long now = System.nanoTime();
    long before = loggedAt.get();
    if (now - before >= LOG_EVERY_NANOS && loggedAt.compareAndSet(before, now)) {
      log.atWarn()
          .addKeyValue("refused", refused.getAndSet(0))
          .addKeyValue("open", open.get())
          .addKeyValue("last", last)
          .log("Too many connections: new ones are closed");
    }
  }

  private static @Nullable InetAddress address(@Nullable SocketAddress from) {
    return from instanceof InetSocketAddress remote ? remote.getAddress() : null;
  }
}
