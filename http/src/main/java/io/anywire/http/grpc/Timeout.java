package io.anywire.http.grpc;

import io.grpc.Deadline;
import io.grpc.Status;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;

/** The header {@code grpc-timeout}: up to eight digits and a unit. */
final class Timeout {
  private static final int MAX_DIGITS = 8;
  private static final long LARGEST = 99_999_999;
  private static final String LETTERS = "numSMH";
  private static final TimeUnit[] FROM_FINE = {
    TimeUnit.NANOSECONDS,
    TimeUnit.MICROSECONDS,
    TimeUnit.MILLISECONDS,
    TimeUnit.SECONDS,
    TimeUnit.MINUTES,
    TimeUnit.HOURS
  };

  private Timeout() {}

  /**
   * The deadline that a timeout amounts to, counted from now.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} when it is malformed
   */
  static Deadline parse(CharSequence text) {
    int digits = text.length() - 1;
    if (digits < 1 || digits > MAX_DIGITS) {
      throw malformed(text);
    }
    long amount = 0;
    for (int i = 0; i < digits; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw malformed(text);
      }
      amount = amount * 10 + digit;
    }
    return Deadline.after(amount, unit(text));
  }

  /** The text of a timeout in the finest unit that can hold it; at least 1 ns. */
  static AsciiString format(long nanos) {
    long positive = Math.max(1, nanos);
    int unit = 0;
    while (FROM_FINE[unit].convert(positive, TimeUnit.NANOSECONDS) > LARGEST) {
      unit++;
    }
    long amount = FROM_FINE[unit].convert(positive, TimeUnit.NANOSECONDS);
    return AsciiString.of(amount + LETTERS.substring(unit, unit + 1));
  }

  private static TimeUnit unit(CharSequence text) {
    return switch (text.charAt(text.length() - 1)) {
      case 'H' -> TimeUnit.HOURS;
      case 'M' -> TimeUnit.MINUTES;
      case 'S' -> TimeUnit.SECONDS;
      case 'm' -> TimeUnit.MILLISECONDS;
      case 'u' -> TimeUnit.MICROSECONDS;
      case 'n' -> TimeUnit.NANOSECONDS;
      default -> throw malformed(text);
    };
  }

  private static RuntimeException malformed(CharSequence text) {
    return Status.INVALID_ARGUMENT
        .withDescription(
            "grpc-timeout: " + text + " (expected: 1 to 8 digits and one of H M S m u n)")
        .asRuntimeException();
  }
}
