package io.anywire.http.netty;

import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Asks a client by a PING whether it is still there when nothing has come from it for a while, and
 * gives it up when nothing comes in answer either. For the event loop only.
 */
final class KeepAlive {
  private final Channel channel;
  private final long silence;
  private final long limit;
  private final Runnable ping;
  private final Runnable giveUp;
  private long heardAt = System.nanoTime();
  private Future<?> next;
  private boolean asked;

  /**
   * Begins to listen.
   *
   * @param silence after which the client is asked
   * @param limit how long its answer is waited for
   */
  KeepAlive(Channel channel, Duration silence, Duration limit, Runnable ping, Runnable giveUp) {
    this.channel = channel;
    this.silence = silence.toNanos();
    this.limit = limit.toNanos();
    this.ping = ping;
    this.giveUp = giveUp;
    next = in(this.silence, this::askAfterSilence);
    channel.closeFuture().addListener(closed -> next.cancel(false));
  }

  /** Something has come from the client. */
  void heard() {
    heardAt = System.nanoTime();
    if (asked) {
      asked = false;
      next.cancel(false);
      next = in(silence, this::askAfterSilence);
    }
  }

  private void askAfterSilence() {
    long quiet = System.nanoTime() - heardAt;
    if (quiet < silence) {
      next = in(silence - quiet, this::askAfterSilence);
    } else {
      asked = true;
      next = in(limit, giveUp);
      ping.run();
    }
  }

  private Future<?> in(long nanos, Runnable look) {
    return channel.eventLoop().schedule(look, nanos, TimeUnit.NANOSECONDS);
  }
}
