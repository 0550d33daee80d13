package io.anywire.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * Names as XML elements, in ASCII: what no element name may have becomes {@code _xHHHH_}, as
 * SQL/XML (ISO/IEC 9075-14, section 9.1) writes it, and an underscore that only looks like the
 * beginning of that becomes {@code _x005F_}. So different names stay different.
 */
public final class ElementNames {
  private static final int ESCAPE_LENGTH = 7;

  private ElementNames() {}

  /** The name of the element. */
  public static byte[] encode(String name) {
    StringBuilder element = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (isEscape(name, i) || !(i == 0 ? isStart(c) : isPart(c))) {
        element.append("_x%04X_".formatted((int) c));
      } else {
        element.append(c);
      }
    }
    return element.toString().getBytes(US_ASCII);
  }

  /** The name that an element stands for. */
  public static String decode(String element) {
    if (!element.contains("_x")) {
      return element;
    }
    StringBuilder name = new StringBuilder(element.length());
    for (int i = 0; i < element.length(); i++) {
      if (isEscape(element, i)) {
        name.append((char) Integer.parseInt(element, i + 2, i + 6, 16));
        i += ESCAPE_LENGTH - 1;
      } else {
        name.append(element.charAt(i));
      }
    }
    return name.toString();
  }

  private static boolean isEscape(String text, int start) {
    if (!text.startsWith("_x", start)
        || text.length() < start + ESCAPE_LENGTH
        || text.charAt(start + 6) != '_') {
      return false;
    }
    for (int i = start + 2; i < start + 6; i++) {
      char c = text.charAt(i);
      if (c > 'f' || Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isPart(char c) {
    return isStart(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  }
}
