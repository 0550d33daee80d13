package io.anywire.codec;

/** A duration as protobuf JSON has it: {@code 1s}, {@code -3.000001s}. */
final class DurationText {
  private static final long MOST = 315_576_000_000L;

  /** A length of time; both parts have the same sign. */
  record Span(long seconds, int nanos) {}

  private DurationText() {}

  static boolean isValid(long seconds, int nanos) {
    return Math.abs(seconds) <= MOST
        && seconds != Long.MIN_VALUE
        && nanos > -Decimals.NANOS
        && nanos < Decimals.NANOS
        && !(seconds < 0 && nanos > 0)
        && !(seconds > 0 && nanos < 0);
  }

  static String format(long seconds, int nanos) {
    StringBuilder text = new StringBuilder(24);
    if (seconds < 0 || nanos < 0) {
      text.append('-');
    }
    text.append(Math.abs(seconds));
    return Decimals.fraction(text, Math.abs(nanos)).append('s').toString();
  }

  /**
   * Reads a duration.
   *
   * @throws NumberFormatException when the text is no duration
   */
  static Span parse(String text) {
    boolean negative = text.startsWith("-");
    int start = negative ? 1 : 0;
    int end = Decimals.endOfDigits(text, start);
    long seconds = Long.parseLong(text, start, end, 10);
    int nanos = 0;
    if (end < text.length() && text.charAt(end) == '.') {
      int point = end;
      end = Decimals.endOfDigits(text, point + 1);
      nanos = Decimals.nanos(text, point + 1, end);
    }
    if (end != text.length() - 1 || text.charAt(end) != 's' || !isValid(seconds, nanos)) {
      throw new NumberFormatException("no duration");
    }
    return negative ? new Span(-seconds, -nanos) : new Span(seconds, nanos);
  }
}
