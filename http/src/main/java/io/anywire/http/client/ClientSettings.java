package io.anywire.http.client;

import io.anywire.WireUrl;
import io.anywire.wire.Parameters;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a client connects, and what it takes from a server. Immutable.
 *
 * @param connections the most connections that are kept at a time; more than one are made only when
 *     the server's limit of streams is reached, and calls wait beyond
 * @param connectTime how long one attempt at one address may take, TLS and the server's SETTINGS
 *     included
 * @param backoff the pause after failed attempts
 * @param keepAlive after so much silence while calls run a PING asks whether the server is still
 *     there; empty for none, since servers that do not expect it end the connection
 * @param keepAliveTime how long the answer to that PING is waited for
 * @param streamWindow how many bytes of one response may wait to be consumed
 * @param connectionWindow the same for all responses of a connection together
 * @param headerBytes the largest set of response headers
 * @param messageBytes the largest response message, where a call's options say nothing
 * @param tls makes what a new connection's TLS is set up from; empty for none
 */
public record ClientSettings(
    int connections,
    Duration connectTime,
    Backoff backoff,
    Optional<Duration> keepAlive,
    Duration keepAliveTime,
    int streamWindow,
    int connectionWindow,
    int headerBytes,
    int messageBytes,
    Optional<Supplier<SslContext>> tls) {

  private static final Duration SHORTEST = Duration.ofMillis(10);

  /** What holds where the URL is silent. */
  public static final ClientSettings DEFAULT = of("");

  /** What a called URL says, TLS aside; the parameters are named in {@code docs/wires.md}. */
  public static ClientSettings read(Parameters of) {
    return new ClientSettings(
        of.number("connections", 4, 1, 1000),
        of.duration("connect-time", Duration.ofSeconds(20), SHORTEST),
        Backoff.GRPC.within(
            of.duration("backoff", Backoff.GRPC.initial(), SHORTEST),
            of.duration("max-backoff", Backoff.GRPC.max(), SHORTEST)),
        of.optionalDuration("keep-alive", Optional.empty(), SHORTEST),
        of.duration("keep-alive-time", Duration.ofSeconds(20), SHORTEST),
        of.bytes("stream-window", 1 << 20, 1 << 10, 1 << 30),
        of.bytes("connection-window", 8 << 20, 64 << 10, 1 << 30),
        of.bytes("max-header", 16 << 10, 256, 1 << 20),
        of.bytes("max-message", 4 << 20, 1, 1 << 30),
        Optional.empty());
  }

  /** The settings that such a query of a called URL makes: {@code keep-alive=30s}. */
  public static ClientSettings of(String query) {
    Parameters of = Parameters.of(WireUrl.parse("grpc:" + (query.isEmpty() ? "" : "?" + query)));
    ClientSettings settings = read(of);
    of.requireNoOthers();
    return settings;
  }

  /** The same over TLS; {@code context} is asked anew for each connection. */
  public ClientSettings withTls(Supplier<SslContext> context) {
    return new ClientSettings(
        connections,
        connectTime,
        backoff,
        keepAlive,
        keepAliveTime,
        streamWindow,
        connectionWindow,
        headerBytes,
        messageBytes,
        Optional.of(context));
  }
}
