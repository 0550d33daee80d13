package io.anywire.http.netty;

import io.anywire.WireUrl;
import io.anywire.wire.Parameters;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server takes from one client before it refuses, and how long it waits for one. Immutable.
 *
 * @param connections how many connections may be open at a time; more are closed at once
 * @param headerBytes the largest set of request headers; more is answered 431
 * @param messageBytes the largest message, and the largest body of a REST request
 * @param concurrentStreams how many requests one HTTP/2 connection may have open
 * @param streamWindow how many bytes of a request's body may wait to be consumed
 * @param connectionWindow the same for all requests of an HTTP/2 connection together
 * @param idle how long a connection is kept on which nothing moves: one without a request, and,
 *     after as long again, one of HTTP/2 whose client does not answer a PING
 * @param headerTime how long the headers of a request may take from their first byte
 * @param bodyTime how long the next 4 KiB of a request's body may take; then it is answered 408.
 *     The requests of gRPC may pause as long as they like
 * @param readTime how long a client may leave a response unread that waits to be written; then a
 *     stream of HTTP/2 is reset, and a connection whose socket takes nothing is
 * @param keepAlive after so long a silence an HTTP/2 client is asked by a PING whether it is there
 * @param keepAliveTime how long the answer to that PING is waited for
 * @param leastPingInterval clients that keep sending PINGs more often, with requests or without,
 *     and get no data in between, are sent away (gRFC A8); zero lets them
 * @param age after that long a connection is asked to end, ±10 % (gRFC A9)
 * @param ageGrace how long its running requests then have
 * @param floods how much of a kind one client may send
 */
public record HttpLimits(
    int connections,
    int headerBytes,
    int messageBytes,
    int concurrentStreams,
    int streamWindow,
    int connectionWindow,
    Duration idle,
    Duration headerTime,
    Duration bodyTime,
    Duration readTime,
    Optional<Duration> keepAlive,
    Duration keepAliveTime,
    Duration leastPingInterval,
    Optional<Duration> age,
    Duration ageGrace,
    FloodLimits floods) {

  private static final Duration SHORTEST = Duration.ofMillis(10);

  /** What holds where the URL is silent. */
  public static final HttpLimits DEFAULT = of("");

  /** What a served URL says; the parameters are named in {@code docs/limits.md}. */
  public static HttpLimits read(Parameters of) {
    return new HttpLimits(
        of.number("connections", 20_000, 1, 10_000_000),
        of.bytes("max-header", 16 << 10, 256, 1 << 20),
        of.bytes("max-message", 4 << 20, 1, 1 << 30),
        of.number("streams", 1000, 1, 1_000_000),
        of.bytes("stream-window", 256 << 10, 1 << 10, 1 << 30),
        of.bytes("connection-window", 4 << 20, 64 << 10, 1 << 30),
        of.duration("idle", Duration.ofMinutes(5), SHORTEST),
        of.duration("header-time", Duration.ofSeconds(20), SHORTEST),
        of.duration("body-time", Duration.ofSeconds(30), SHORTEST),
        of.duration("read-time", Duration.ofSeconds(60), SHORTEST),
        of.optionalDuration("keep-alive", Optional.of(Duration.ofHours(2)), SHORTEST),
        of.duration("keep-alive-time", Duration.ofSeconds(20), SHORTEST),
        of.duration("least-ping-interval", Duration.ofMinutes(5), Duration.ZERO),
        of.optionalDuration("connection-age", Optional.empty(), SHORTEST),
        of.duration("connection-age-grace", Duration.ofSeconds(30), Duration.ZERO),
        FloodLimits.read(of));
  }

  /** The limits that such a query of a served URL sets: {@code idle=1s&streams=10}. */
  public static HttpLimits of(String query) {
    Parameters of = Parameters.of(WireUrl.parse("http:" + (query.isEmpty() ? "" : "?" + query)));
    HttpLimits limits = read(of);
    of.requireNoOthers();
    return limits;
  }
}
