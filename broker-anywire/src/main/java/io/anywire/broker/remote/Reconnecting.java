package io.anywire.broker.remote;

import io.anywire.call.Threads;
import io.grpc.Context;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Opens something again after it broke: 50 ms later at first, then twice as late each time up to 2
 * s, less up to a half at random. What it opens runs apart from anybody's context.
 */
final class Reconnecting {
  private static final long FIRST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 2_000;

  private final Runnable opening;
  private volatile long pauseMillis = FIRST_MILLIS;

  Reconnecting(Runnable opening) {
    this.opening = opening;
  }

  void now() {
    Context.ROOT.run(opening);
  }

  void later() {
    long pause = ThreadLocalRandom.current().nextLong(pauseMillis / 2, pauseMillis);
    pauseMillis = Math.min(LONGEST_MILLIS, pauseMillis * 2);
    Threads.timerThread()
        .schedule(() -> Threads.VIRTUAL.execute(this::now), pause, TimeUnit.MILLISECONDS);
  }

  void succeeded() {
    pauseMillis = FIRST_MILLIS;
  }
}
