package io.anywire.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands at the listening socket and closes the connections beyond the limits as soon as they are
 * accepted, before anything is set up for them. It says so at most once a second. Connections come
 * on the listener's event loop; they leave on any thread.
 */
final class ConnectionGate extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ConnectionGate.class);
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpLimits limits;
  private final AtomicInteger open = new AtomicInteger();
  private final Map<InetAddress, Integer> openByAddress = new ConcurrentHashMap<>();
  private long refused;
  private long loggedAt = System.nanoTime() - LOG_EVERY_NANOS;

  ConnectionGate(HttpLimits limits) {
    this.limits = limits;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Channel connection = (Channel) message;
    if (admits(connection)) {
      ctx.fireChannelRead(connection);
    } else {
      connection.unsafe().closeForcibly();
      logRefusal(connection);
    }
  }

  private boolean admits(Channel connection) {
    InetAddress address = address(connection);
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

  private void logRefusal(Channel connection) {
    refused++;
    long now = System.nanoTime();
    if (now - loggedAt >= LOG_EVERY_NANOS) {
      log.atWarn()
          .addKeyValue("refused", refused)
          .addKeyValue("open", open.get())
          .addKeyValue("last", connection.remoteAddress())
          .log("Too many connections: new ones are closed");
      refused = 0;
      loggedAt = now;
    }
  }

  private static @Nullable InetAddress address(Channel connection) {
    return connection.remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress()
        : null;
  }
}
