package io.anywire.http.netty;

import io.anywire.wire.Parameters;

/**
 * How much of a kind one client may send before it is taken for a flood. Immutable; the parameters
 * are named in {@code docs/limits.md}.
 *
 * @param connectionsPerAddress how many connections one address may have open; more are closed at
 *     once
 * @param requestLine the longest request line of HTTP/1.1 in bytes; a longer one is answered 414
 * @param headerLine the longest header line in bytes; a longer one is answered 431
 * @param headerLines the most header lines of a request; more are answered 431
 * @param pipelined how many requests of HTTP/1.1 may wait behind the one that runs; those beyond
 *     are not served, and the connection ends after those before
 * @param resets how many streams a client may reset in {@value #SPAN_SECONDS} s (CVE-2023-44487)
 * @param streamErrors how many streams a client's errors may make the server reset in {@value
 *     #SPAN_SECONDS} s (CVE-2025-8671)
 * @param controlFrames how many frames that carry no request and no body a connection of HTTP/2 may
 *     send in a second, beyond those that its requests and responses account for
 * @param unread how many bytes of responses one connection of HTTP/2 may leave unread before its
 *     new requests are refused
 */
public record FloodLimits(
    int connectionsPerAddress,
    int requestLine,
    int headerLine,
    int headerLines,
    int pipelined,
    int resets,
    int streamErrors,
    int controlFrames,
    int unread) {

  /** The span in which resets are counted. */
  static final int SPAN_SECONDS = 30;

  private static final int MANY = 100_000_000;

  /** What a served URL says. */
  static FloodLimits read(Parameters of) {
    return new FloodLimits(
        of.number("connections-per-address", MANY, 1, MANY),
        of.bytes("max-request-line", 8 << 10, 64, 1 << 20),
        of.bytes("max-header-line", 8 << 10, 64, 1 << 20),
        of.number("header-lines", 128, 1, 10_000),
        of.number("pipelined", 256, 1, 10_000),
        of.number("resets", 20_000, 1, MANY),
        of.number("stream-errors", 1000, 1, MANY),
        of.number("control-frames", 1000, 1, MANY),
        of.bytes("max-unread", 64 << 20, 64 << 10, 1 << 30));
  }
}
