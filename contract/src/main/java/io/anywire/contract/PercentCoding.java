package io.anywire.contract;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Percent-encoding of UTF-8 (RFC 3986, section 2.1) by the rules of http.proto. */
final class PercentCoding {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private PercentCoding() {}

  /** Appends the text with everything but {@code [-_.~0-9a-zA-Z]} encoded. */
  static void encode(StringBuilder target, String text, boolean keepSlash) {
    if (isPlain(text, keepSlash)) {
      target.append(text);
      return;
    }
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isUnreserved(b) || (keepSlash && b == '/')) {
        target.append((char) b);
      } else {
        target.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
      }
    }
  }

  /** Whether every {@code %} begins an octet in hexadecimal and the octets are UTF-8. */
  static boolean isWellFormed(String path) {
    int percent = path.indexOf('%');
    while (percent >= 0) {
      if (percent + 2 >= path.length()
          || Character.digit(path.charAt(percent + 1), 16) < 0
          || Character.digit(path.charAt(percent + 2), 16) < 0
          || path.charAt(percent + 1) > 'f'
          || path.charAt(percent + 2) > 'f') {
        return false;
      }
      percent = path.indexOf('%', percent + 3);
    }
    return isUtf8(octets(path, false));
  }

  /**
   * Decodes a part of a well-formed path.
   *
   * @param keepSlash leaves {@code %2F} and {@code %2f} as they are
   */
  static String decode(String path, int from, int to, boolean keepSlash) {
    String raw = path.substring(from, to);
    return raw.indexOf('%') < 0 ? raw : new String(octets(raw, keepSlash), StandardCharsets.UTF_8);
  }

  private static byte[] octets(String text, boolean keepSlash) {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < raw.length; i++) {
      byte b = raw[i];
      if (b == '%') {
        byte octet =
            (byte) (Character.digit(raw[i + 1], 16) << 4 | Character.digit(raw[i + 2], 16));
        if (!keepSlash || octet != '/') {
          b = octet;
          i += 2;
        }
      }
      raw[length++] = b;
    }
    return Arrays.copyOf(raw, length);
  }

  private static boolean isUtf8(byte[] octets) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static boolean isPlain(String text, boolean keepSlash) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isUnreserved(c) && !(keepSlash && c == '/')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '~';
  }
}
