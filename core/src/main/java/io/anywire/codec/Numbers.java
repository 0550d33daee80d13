package io.anywire.codec;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Numbers given as text: exactly the grammar of JSON's numbers (RFC 8259, section 6). Integers may
 * have a fraction or exponent as long as the value is whole.
 */
public final class Numbers {
  private static final int LONGEST = 1000;
  private static final int FAST_DIGITS = 18;
  private static final int LARGEST_INTEGER_DIGITS = 20;
  private static final BigInteger UINT64_MAX =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  private static final long UINT32_MAX = 0xFFFF_FFFFL;

  private Numbers() {}

  /** A signed integer of 32 bits. */
  public static int int32(Place in, String text) throws IOException {
    return (int) integer(in, text, Integer.MIN_VALUE, Integer.MAX_VALUE, "int32");
  }

  /** An unsigned integer of 32 bits. */
  public static int uint32(Place in, String text) throws IOException {
    return (int) integer(in, text, 0, UINT32_MAX, "uint32");
  }

  /** A signed integer of 64 bits. */
  public static long int64(Place in, String text) throws IOException {
    return integer(in, text, Long.MIN_VALUE, Long.MAX_VALUE, "int64");
  }

  /** A number, {@code NaN}, {@code Infinity} or {@code -Infinity}. */
  public static double doubleValue(Place in, String text) throws IOException {
    double value =
        isSpecial(text) ? special(text) : Double.parseDouble(checked(in, text, "double"));
    if (Double.isInfinite(value) && !isSpecial(text)) {
      throw in.rejectToken("a number in the range of double");
    }
    return value;
  }

  /** A number, {@code NaN}, {@code Infinity} or {@code -Infinity}. */
  public static float floatValue(Place in, String text) throws IOException {
    float value =
        isSpecial(text) ? (float) special(text) : Float.parseFloat(checked(in, text, "float"));
    if (Float.isInfinite(value) && !isSpecial(text)) {
      throw in.rejectToken("a number in the range of float");
    }
    return value;
  }

  private static boolean isSpecial(String text) {
    return text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
  }

  private static double special(String text) {
    return Double.parseDouble(text);
  }

  /** A whole number within bounds, both included. */
  public static long integer(Place in, String text, long least, long most, String kind)
      throws IOException {
    long value;
    if (isShortInteger(text)) {
      value = Long.parseLong(text);
    } else {
      BigInteger exact = exact(in, text, kind);
      if (exact.bitLength() > 63) {
        throw in.rejectToken(kind);
      }
      value = exact.longValue();
    }
    if (value < least || value > most) {
      throw in.rejectToken(kind);
    }
    return value;
  }

  /** An unsigned integer of 64 bits. */
  public static long unsigned(Place in, String text) throws IOException {
    if (isShortInteger(text) && text.charAt(0) != '-') {
      return Long.parseLong(text);
    }
    BigInteger exact = exact(in, text, "uint64");
    if (exact.signum() < 0 || exact.compareTo(UINT64_MAX) > 0) {
      throw in.rejectToken("uint64");
    }
    return exact.longValue();
  }

  private static String checked(Place in, String text, String kind) throws IOException {
    if (!isNumber(text)) {
      throw in.rejectToken(kind);
    }
    return text;
  }

  private static BigInteger exact(Place in, String text, String kind) throws IOException {
    BigInteger value = whole(checked(in, text, kind));
    if (value == null) {
      throw in.rejectToken(kind);
    }
    return value;
  }

  /** The value if it is whole and of a size that any integer type has; 1e999999999 is not tried. */
  private static @Nullable BigInteger whole(String text) {
    try {
      BigDecimal value = new BigDecimal(text).stripTrailingZeros();
      boolean fits =
          value.scale() <= 0 && (long) value.precision() - value.scale() <= LARGEST_INTEGER_DIGITS;
      return fits ? value.toBigIntegerExact() : null;
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
  }

  private static boolean isShortInteger(String text) {
    int first = text.startsWith("-") ? 1 : 0;
    int digits = text.length() - first;
    return digits > 0
        && digits <= FAST_DIGITS
        && Decimals.endOfDigits(text, first) == text.length()
        && (digits == 1 || text.charAt(first) != '0');
  }

  private static boolean isNumber(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    int start = text.startsWith("-") ? 1 : 0;
    int end = Decimals.endOfDigits(text, start);
    if (end == start || (end > start + 1 && text.charAt(start) == '0')) {
      return false;
    }
    if (end < text.length() && text.charAt(end) == '.') {
      start = end + 1;
      end = Decimals.endOfDigits(text, start);
      if (end == start) {
        return false;
      }
    }
    return end == text.length() || isExponent(text, end);
  }

  private static boolean isExponent(String text, int start) {
    if ((text.charAt(start) | 0x20) != 'e') {
      return false;
    }
    int digits = start + 1;
    if (digits < text.length() && (text.charAt(digits) == '+' || text.charAt(digits) == '-')) {
      digits++;
    }
    return digits < text.length() && Decimals.endOfDigits(text, digits) == text.length();
  }
}
