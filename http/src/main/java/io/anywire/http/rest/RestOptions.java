package io.anywire.http.rest;

import io.anywire.wire.Parameters;
import java.time.Duration;
import java.util.List;

/**
 * What a served URL says about REST. Immutable.
 *
 * @param messageBytes the largest body of a request, compressed or not
 * @param ignoreUnknownFields whether unknown fields and query parameters are skipped, not refused
 * @param heartbeat how often a stream of Server-Sent Events says that it is alive
 */
public record RestOptions(int messageBytes, boolean ignoreUnknownFields, Duration heartbeat) {
  private static final String IGNORE = "ignore";

  /** Checks the bounds. */
  public RestOptions {
    if (messageBytes < 1) {
      throw new IllegalArgumentException("messageBytes: " + messageBytes + " (expected: >= 1)");
    }
    if (heartbeat.isNegative() || heartbeat.isZero()) {
      throw new IllegalArgumentException("heartbeat: " + heartbeat + " (expected: > 0)");
    }
  }

  /** The parameters {@code unknown-fields} and {@code heartbeat}. */
  public static RestOptions read(Parameters of, int messageBytes) {
    return new RestOptions(
        messageBytes,
        of.choice("unknown-fields", "reject", List.of("reject", IGNORE)).equals(IGNORE),
        of.duration("heartbeat", Duration.ofSeconds(15), Duration.ofMillis(10)));
  }
}
