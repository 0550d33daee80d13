package io.anywire.http.client;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a silent server by PINGs whether it is still there, while calls run (gRPC A8): no more often
 * than the client's settings say, and none without calls. For the event loop only.
 */
final class KeepAlive {
  private static final long CONTENT = 0x616c6976653fL;

  private final Http2ClientConnection connection;
  private final Http2Client client;
  private long lastHeard;
  private boolean asked;
  private @Nullable Future<?> timer;

  KeepAlive(Http2ClientConnection connection, Http2Client client) {
    this.connection = connection;
    this.client = client;
  }

  /** Something came in. */
  void heard() {
    if (client.keepAlive() != null) {
      lastHeard = System.nanoTime();
      asked = false;
    }
  }

  /** A call runs where none did. */
  void begun() {
    Duration silence = client.keepAlive();
    if (silence != null && timer == null) {
      lastHeard = System.nanoTime();
      check(silence.toNanos());
    }
  }

  /** The connection is gone. */
  void ended() {
    Future<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }

  private void check(long nanos) {
    timer = client.loop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    timer = null;
    Duration silence = client.keepAlive();
    if (silence == null || connection.isIdle()) {
      asked = false;
      return;
    }
    Duration limit = client.settings().keepAliveTime();
    if (asked) {
      connection.breakOff(
          Status.UNAVAILABLE.withDescription(
              client.target() + " did not answer a PING within " + limit.toMillis() + " ms"));
      return;
    }
    long left = silence.toNanos() - (System.nanoTime() - lastHeard);
    if (left > 0) {
      check(left);
    } else {
      asked = true;
      connection.ping(CONTENT);
      check(limit.toNanos());
    }
  }
}
