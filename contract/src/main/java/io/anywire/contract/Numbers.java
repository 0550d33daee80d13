package io.anywire.contract;

import java.math.BigDecimal;

/** Numbers in text: plain ASCII decimals, nothing else that Java's own parsers let through. */
final class Numbers {
  private Numbers() {}

  static int int32(String path, String text) {
    try {
      return Integer.parseInt(digits(text, true));
    } catch (NumberFormatException e) {
      throw FieldText.mismatch(path, text, "an integer from -2147483648 to 2147483647");
    }
  }

  static int uint32(String path, String text) {
    try {
      return Integer.parseUnsignedInt(digits(text, false));
    } catch (NumberFormatException e) {
      throw FieldText.mismatch(path, text, "an integer from 0 to 4294967295");
    }
  }

  static long int64(String path, String text) {
    try {
      return Long.parseLong(digits(text, true));
    } catch (NumberFormatException e) {
      throw FieldText.mismatch(
          path, text, "an integer from -9223372036854775808 to 9223372036854775807");
    }
  }

  static long uint64(String path, String text) {
    try {
      return Long.parseUnsignedLong(digits(text, false));
    } catch (NumberFormatException e) {
      throw FieldText.mismatch(path, text, "an integer from 0 to 18446744073709551615");
    }
  }

  static float float32(String path, String text) {
    return switch (text) {
      case "NaN" -> Float.NaN;
      case "Infinity" -> Float.POSITIVE_INFINITY;
      case "-Infinity" -> Float.NEGATIVE_INFINITY;
      default -> {
        float value = isDecimal(text) ? Float.parseFloat(text) : Float.NaN;
        if (!Float.isFinite(value)) {
          throw FieldText.mismatch(path, text, "a number of single precision");
        }
        yield value;
      }
    };
  }

  static double float64(String path, String text) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> {
        double value = isDecimal(text) ? Double.parseDouble(text) : Double.NaN;
        if (!Double.isFinite(value)) {
          throw FieldText.mismatch(path, text, "a number of double precision");
        }
        yield value;
      }
    };
  }

  static boolean isInteger(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() > start;
  }

  private static String digits(String text, boolean signed) {
    if (!isInteger(text) || (!signed && text.startsWith("-"))) {
      throw new NumberFormatException(text);
    }
    return text;
  }

  /** JSON's grammar, a little wider: Java would also take {@code 1f}, {@code 0x1p3} and blanks. */
  private static boolean isDecimal(String text) {
    boolean ascii = text.chars().allMatch(c -> (c >= '0' && c <= '9') || "+-.eE".indexOf(c) >= 0);
    if (!ascii || text.length() > 400) {
      return false;
    }
    try {
      new BigDecimal(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
