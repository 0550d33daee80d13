package io.anywire.http.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.AsciiString;

/**
 * The percent-encoding of {@code grpc-message}: UTF-8, everything but plain ASCII escaped, and
 * spaces at either end, which HTTP/1.1 refuses or strips.
 */
final class StatusMessage {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(UTF_8);

  private StatusMessage() {}

  static AsciiString encode(String message) {
    byte[] plain = message.getBytes(UTF_8);
    int escapes = 0;
    for (int i = 0; i < plain.length; i++) {
      escapes += isPlain(plain, i) ? 0 : 1;
    }
    return new AsciiString(escapes == 0 ? plain : escaped(plain, escapes), false);
  }

  /** The plain text; an escape that is none stands for itself. */
  static String decode(CharSequence message) {
    byte[] sent = AsciiString.of(message).toByteArray();
    byte[] plain = new byte[sent.length];
    int length = 0;
    for (int i = 0; i < sent.length; i++) {
      int escaped = sent[i] == '%' && i + 2 < sent.length ? escape(sent, i + 1) : -1;
      plain[length++] = escaped < 0 ? sent[i] : (byte) escaped;
      i += escaped < 0 ? 0 : 2;
    }
    return new String(plain, 0, length, UTF_8);
  }

  private static int escape(byte[] text, int at) {
    int high = Character.digit(text[at], 16);
    int low = Character.digit(text[at + 1], 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static byte[] escaped(byte[] plain, int escapes) {
    byte[] result = new byte[plain.length + 2 * escapes];
    int at = 0;
    for (int i = 0; i < plain.length; i++) {
      byte b = plain[i];
      if (isPlain(plain, i)) {
        result[at++] = b;
      } else {
        result[at++] = '%';
        result[at++] = HEX[b >> 4 & 15];
        result[at++] = HEX[b & 15];
      }
    }
    return result;
  }

  private static boolean isPlain(byte[] text, int at) {
    byte b = text[at];
    boolean end = at == 0 || at == text.length - 1;
    return b >= ' ' && b <= '~' && b != '%' && !(b == ' ' && end);
  }
}
