package io.anywire.codec;

import java.time.DateTimeException;
import java.time.LocalDate;

/** RFC 3339 as protobuf JSON uses it: UTC on output, any offset on input, 0 to 9 decimals. */
final class TimestampText {
  private static final long FIRST = -62_135_596_800L;
  private static final long LAST = 253_402_300_799L;
  private static final int DAY = 86_400;

  /** The length of {@code 2025-01-31T12:00:00}. */
  private static final int SECONDS_END = 19;

  /** A moment, in seconds since the epoch and nanoseconds from there. */
  record Moment(long seconds, int nanos) {}

  private TimestampText() {}

  static boolean isValid(long seconds, int nanos) {
    return seconds >= FIRST && seconds <= LAST && nanos >= 0 && nanos < Decimals.NANOS;
  }

  static String format(long seconds, int nanos) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, DAY));
    int second = (int) Math.floorMod(seconds, (long) DAY);
    StringBuilder text = new StringBuilder(30);
    Decimals.pad(text, date.getYear(), 4).append('-');
    Decimals.pad(text, date.getMonthValue(), 2).append('-');
    Decimals.pad(text, date.getDayOfMonth(), 2).append('T');
    Decimals.pad(text, second / 3600, 2).append(':');
    Decimals.pad(text, second / 60 % 60, 2).append(':');
    Decimals.pad(text, second % 60, 2);
    return Decimals.fraction(text, nanos).append('Z').toString();
  }

  /**
   * Reads a moment.
   *
   * @throws NumberFormatException when the text is no timestamp
   */
  static Moment parse(String text) {
    long seconds = epochSecond(text);
    int end = SECONDS_END;
    int nanos = 0;
    if (end < text.length() && text.charAt(end) == '.') {
      end = Decimals.endOfDigits(text, end + 1);
      nanos = Decimals.nanos(text, SECONDS_END + 1, end);
    }
    seconds -= offset(text, end);
    if (!isValid(seconds, nanos)) {
      throw new NumberFormatException("out of range");
    }
    return new Moment(seconds, nanos);
  }

  private static long epochSecond(String text) {
    expect(text, 4, '-');
    expect(text, 7, '-');
    expect(text, 10, 'T');
    expect(text, 13, ':');
    expect(text, 16, ':');
    int hour = upTo(23, Decimals.digits(text, 11, 13));
    int minute = upTo(59, Decimals.digits(text, 14, 16));
    int second = upTo(59, Decimals.digits(text, 17, SECONDS_END));
    return day(text) * DAY + hour * 3600L + minute * 60L + second;
  }

  private static long day(String text) {
    int year = Decimals.digits(text, 0, 4);
    int month = Decimals.digits(text, 5, 7);
    try {
      return LocalDate.of(year, month, Decimals.digits(text, 8, 10)).toEpochDay();
    } catch (DateTimeException e) {
      throw new NumberFormatException(e.getMessage());
    }
  }

  private static int offset(String text, int start) {
    if (start == text.length() - 1 && text.charAt(start) == 'Z') {
      return 0;
    }
    if (start != text.length() - 6) {
      throw new NumberFormatException("no offset");
    }
    expect(text, start + 3, ':');
    int hours = upTo(23, Decimals.digits(text, start + 1, start + 3));
    int minutes = upTo(59, Decimals.digits(text, start + 4, start + 6));
    int offset = hours * 3600 + minutes * 60;
    return switch (text.charAt(start)) {
      case '+' -> offset;
      case '-' -> -offset;
      default -> throw new NumberFormatException("no sign");
    };
  }

  private static int upTo(int most, int value) {
    if (value > most) {
      throw new NumberFormatException(value + " (expected: at most " + most + ")");
    }
    return value;
  }

  private static void expect(String text, int index, char wanted) {
    if (index >= text.length() || text.charAt(index) != wanted) {
      throw new NumberFormatException("no '" + wanted + "' at " + index);
    }
  }
}
