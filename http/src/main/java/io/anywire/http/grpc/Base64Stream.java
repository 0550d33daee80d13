package io.anywire.http.grpc;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Base64;

/**
 * Decodes base64 (RFC 4648, section 4) that arrives in pieces. The text may be several encodings
 * one behind the other, each with its padding. For one thread.
 */
final class Base64Stream {
  private static final int QUAD = 4;

  /** Less than four characters that wait for the rest. */
  private final byte[] begun = new byte[QUAD];

  private int length;

  /**
   * The bytes of all groups of four characters that are complete.
   *
   * @param piece is read to its end, and not released
   * @throws IllegalArgumentException when the text is not base64
   */
  byte[] decode(ByteBuf piece) {
    byte[] text = new byte[(length + piece.readableBytes()) / QUAD * QUAD];
    if (text.length == 0) {
      length += read(piece, begun, length, piece.readableBytes());
      return text;
    }
    System.arraycopy(begun, 0, text, 0, length);
    read(piece, text, length, text.length - length);
    length = read(piece, begun, 0, piece.readableBytes());
    return decode(text);
  }

  /** Whether the text may end here. */
  boolean isComplete() {
    return length == 0;
  }

  private static byte[] decode(byte[] text) {
    int padded = endOfPadding(text, 0);
    if (padded == text.length) {
      return Base64.getDecoder().decode(text);
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream(text.length);
    for (int from = 0; from < text.length; from = padded) {
      padded = endOfPadding(text, from);
      plain.writeBytes(
          Base64.getDecoder().decode(java.util.Arrays.copyOfRange(text, from, padded)));
    }
    return plain.toByteArray();
  }

  /** The end of the group that has the next padding, or of the text. */
  private static int endOfPadding(byte[] text, int from) {
    for (int i = from + QUAD - 1; i < text.length; i += QUAD) {
      if (text[i] == '=') {
        return i + 1;
      }
    }
    return text.length;
  }

  private static int read(ByteBuf from, byte[] to, int at, int bytes) {
    from.readBytes(to, at, bytes);
    return bytes;
  }
}
