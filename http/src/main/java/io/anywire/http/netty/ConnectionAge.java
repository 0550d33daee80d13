package io.anywire.http.netty;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Lets a connection go when it has grown old (gRFC A9), so that clients find servers that came
 * later: it is asked to stop, which running requests survive, and is broken off after a grace.
 */
final class ConnectionAge {
  private static final double JITTER = 0.1;

  private ConnectionAge() {}

  /** Watches over a connection that has just begun. */
  static void limit(Channel channel, Duration age, Duration grace) {
    // Connections that began together must not come back together.
    double factor = 1 + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER);
    in(channel, (long) (age.toNanos() * factor), () -> retire(channel, grace));
  }

  private static void retire(Channel channel, Duration grace) {
    channel.pipeline().fireUserEventTriggered(Engine.Stop.INSTANCE);
    // Past the pipeline, since HTTP/2 would wait for its streams.
    in(channel, grace.toNanos(), () -> channel.unsafe().close(channel.unsafe().voidPromise()));
  }

  private static void in(Channel channel, long nanos, Runnable step) {
    Future<?> timer = channel.eventLoop().schedule(step, nanos, TimeUnit.NANOSECONDS);
    channel.closeFuture().addListener(closed -> timer.cancel(false));
  }
}
