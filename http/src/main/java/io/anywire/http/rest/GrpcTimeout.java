package io.anywire.http.rest;

import java.util.concurrent.TimeUnit;

/**
 * The header {@code grpc-timeout}, as in gRPC over HTTP/2: one to eight digits and a unit, {@code
 * 1500m}. REST uses the same header, so that one grammar holds on every HTTP wire.
 */
final class GrpcTimeout {
  static final String NAME = "grpc-timeout";
  private static final long LARGEST = 99_999_999;
  private static final String UNITS = "numSMH";
  private static final TimeUnit[] TIMES = {
    TimeUnit.NANOSECONDS,
    TimeUnit.MICROSECONDS,
    TimeUnit.MILLISECONDS,
    TimeUnit.SECONDS,
    TimeUnit.MINUTES,
    TimeUnit.HOURS
  };

  private GrpcTimeout() {}

  /** The text of a timeout in the finest unit that can hold it; at least 1 ns. */
  static String format(long nanos) {
    long positive = Math.max(1, nanos);
    int unit = 0;
    while (TIMES[unit].convert(positive, TimeUnit.NANOSECONDS) > LARGEST) {
      unit++;
    }
    return TIMES[unit].convert(positive, TimeUnit.NANOSECONDS) + UNITS.substring(unit, unit + 1);
  }

  /**
   * The timeout in nanoseconds.
   *
   * @throws IllegalArgumentException when the text does not follow the grammar
   */
  static long parse(String text) {
    int digits = text.length() - 1;
    int unit = digits < 1 ? -1 : UNITS.indexOf(text.charAt(digits));
    if (unit < 0 || digits > 8) {
      throw malformed(text);
    }
    long value = 0;
    for (int i = 0; i < digits; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw malformed(text);
      }
      value = value * 10 + (c - '0');
    }
    return TIMES[unit].toNanos(value);
  }

  private static IllegalArgumentException malformed(String text) {
    String shown = text.length() > 20 ? text.substring(0, 20) + "…" : text;
    return new IllegalArgumentException(
        NAME + ": \"" + shown + "\" (expected: 1 to 8 digits and one of H, M, S, m, u, n)");
  }
}
