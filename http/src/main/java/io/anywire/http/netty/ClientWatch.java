package io.anywire.http.netty;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a connection from time to time as long as its client owes something: the rest of a
 * request, or the taking of a response. A connection that owes nothing costs no timer. Used on the
 * event loop only.
 */
final class ClientWatch {
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EventLoop loop;
  private final BooleanSupplier look;
  private final long everyNanos;
  private @Nullable Future<?> next;

  /**
   * @param look what to do each time; whether to look again
   */
  ClientWatch(EventLoop loop, HttpLimits limits, BooleanSupplier look) {
    this.loop = loop;
    this.look = look;
    long shortest =
        Math.min(
            nanos(limits.headerTime()),
            Math.min(nanos(limits.bodyTime()), nanos(limits.readTime())));
    this.everyNanos = Math.min(shortest / 4, LONGEST_NANOS);
  }

  /** From now on something is owed. */
  void start() {
    if (next == null) {
      next = loop.schedule(this::look, everyNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** The connection is gone. */
  void stop() {
    if (next != null) {
      next.cancel(false);
    }
  }

  private void look() {
    next = null;
    if (look.getAsBoolean()) {
      start();
    }
  }

  /** Saturates, as a limit of years is no limit. */
  static long nanos(Duration limit) {
    return TimeUnit.NANOSECONDS.convert(limit);
  }
}
