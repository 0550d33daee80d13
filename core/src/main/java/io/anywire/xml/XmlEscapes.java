package io.anywire.xml;

import org.jspecify.annotations.Nullable;

/**
 * Texts with characters that XML 1.0 cannot carry (section 2.2: most control characters, U+FFFE and
 * U+FFFF). They are written with the escapes of JSON strings (RFC 8259, section 7), and only {@code
 * \\} and four hexadecimal digits: the element says so by {@code escaped="true"}.
 */
final class XmlEscapes {
  private XmlEscapes() {}

  /** Whether XML carries the text as it is. */
  static boolean isCarried(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isCarried(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        escaped.append("\\\\");
      } else if (isCarried(c)) {
        escaped.append(c);
      } else {
        escaped.append("\\u%04x".formatted((int) c));
      }
    }
    return escaped.toString();
  }

  /** The text that was escaped; null when a backslash begins no escape. */
  static @Nullable String unescape(String escaped) {
    StringBuilder text = new StringBuilder(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c != '\\') {
        text.append(c);
      } else if (escaped.startsWith("\\\\", i)) {
        text.append('\\');
        i++;
      } else if (isUnicode(escaped, i)) {
        text.append((char) Integer.parseInt(escaped, i + 2, i + 6, 16));
        i += 5;
      } else {
        return null;
      }
    }
    return text.toString();
  }

  private static boolean isUnicode(String text, int start) {
    return text.startsWith("\\u", start)
        && text.length() >= start + 6
        && text.substring(start + 2, start + 6).matches("[0-9a-fA-F]{4}");
  }

  /** Surrogates are taken for halves of a pair here. */
  private static boolean isCarried(char c) {
    return (c >= ' ' && c <= '\uFFFD') || c == '\t' || c == '\n' || c == '\r';
  }
}
