package io.anywire.http.netty;

import java.time.Duration;

/**
 * What a server takes from one client before it refuses. Immutable.
 *
 * @param headerBytes the largest set of request headers; more is answered 431
 * @param concurrentStreams how many requests one HTTP/2 connection may have open
 * @param streamWindow how many bytes of a request's body may wait to be consumed
 * @param connectionWindow the same for all requests of an HTTP/2 connection together
 * @param idle how long a connection is kept on which nothing moves: one without a request, one
 *     whose client does not send the rest of its request (answered 408), and, after as long again,
 *     one of HTTP/2 whose client does not answer a PING
 */
public record HttpLimits(
    int headerBytes, int concurrentStreams, int streamWindow, int connectionWindow, Duration idle) {

  /** 16 KiB of headers, 1000 streams, windows of 256 KiB and 4 MiB, 5 minutes. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(16 << 10, 1000, 256 << 10, 4 << 20, Duration.ofMinutes(5));

  public HttpLimits {
    positive("headerBytes", headerBytes);
    positive("concurrentStreams", concurrentStreams);
    positive("streamWindow", streamWindow);
    positive("connectionWindow", connectionWindow);
    if (idle.isNegative() || idle.isZero()) {
      throw new IllegalArgumentException("idle: " + idle + " (expected: > 0)");
    }
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}
