package io.anywire.codec;

/** Digits of fixed width, and the fractions of a second in 0, 3, 6 or 9 digits. */
final class Decimals {
  static final int NANOS = 1_000_000_000;

  private static final int[] POWERS = {
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private Decimals() {}

  static StringBuilder pad(StringBuilder text, int value, int width) {
    for (int power = POWERS[width - 1]; power > 0; power /= 10) {
      text.append((char) ('0' + value / power % 10));
    }
    return text;
  }

  /** Appends nothing for 0, otherwise a point and the fewest of 3, 6 and 9 digits. */
  static StringBuilder fraction(StringBuilder text, int nanos) {
    if (nanos == 0) {
      return text;
    }
    text.append('.');
    if (nanos % 1_000_000 == 0) {
      return pad(text, nanos / 1_000_000, 3);
    }
    return nanos % 1000 == 0 ? pad(text, nanos / 1000, 6) : pad(text, nanos, 9);
  }

  /** Reads the ASCII digits from start to end, at most nine. */
  static int digits(String text, int start, int end) {
    if (start >= end || end > text.length() || end - start > 9) {
      throw new NumberFormatException("no digits");
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new NumberFormatException("no digit at " + i);
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Reads one to nine decimals as nanoseconds. */
  static int nanos(String text, int start, int end) {
    int value = digits(text, start, end);
    for (int i = end - start; i < 9; i++) {
      value *= 10;
    }
    return value;
  }

  static int endOfDigits(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
