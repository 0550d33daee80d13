package io.anywire.http.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Bytes of HTTP/3: integers of variable length (RFC 9000, section 16), frames (RFC 9114, section
 * 7), and field sections in literals of QPACK (RFC 9204, section 4.5).
 */
final class Fields {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int CANCEL_PUSH = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int GOAWAY = 7;
  static final int MAX_PUSH_ID = 13;

  static final int CONTROL_STREAM = 0;
  static final int PUSH_STREAM = 1;
  static final int ENCODER_STREAM = 2;
  static final int DECODER_STREAM = 3;

  private static final int STRING = 0x7f;
  private static final int NAME = 0x07;
  private static final int LITERAL = 0x20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A section that refers to no dynamic table. */
  static Fields section() {
    return new Fields().raw(0, 0);
  }

  static Fields request(String method, String path) {
    return section()
        .add(":method", method)
        .add(":scheme", "https")
        .add(":path", path)
        .add(":authority", "a");
  }

  Fields add(String name, String value) {
    return integer(LITERAL, NAME, name.length()).text(name).string(value);
  }

  Fields raw(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  private Fields string(String value) {
    return integer(0, STRING, value.length()).text(value);
  }

  private Fields text(String value) {
    bytes.writeBytes(value.getBytes(ISO_8859_1));
    return this;
  }

  private Fields integer(int first, int most, int value) {
    if (value < most) {
      bytes.write(first | value);
      return this;
    }
    bytes.write(first | most);
    int rest = value - most;
    for (; rest >= 128; rest >>>= 7) {
      bytes.write(rest & 127 | 128);
    }
    bytes.write(rest);
    return this;
  }

  /** The section as a frame. */
  byte[] frame() {
    return frame(HEADERS, bytes.toByteArray());
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  static byte[] frame(long type, byte... payload) {
    return frame(type, payload.length, payload);
  }

  /** A frame with a length that may be a lie. */
  static byte[] frame(long type, long length, byte[] payload) {
    return join(integer(type), integer(length), payload);
  }

  static byte[] data(int length) {
    return frame(DATA, new byte[length]);
  }

  static byte[] integer(long value) {
    if (value < 1 << 6) {
      return new byte[] {(byte) value};
    } else if (value < 1 << 14) {
      return ByteBuffer.allocate(2).putShort((short) (value | 1 << 14)).array();
    } else if (value < 1L << 30) {
      return ByteBuffer.allocate(4).putInt((int) (value | 1L << 31)).array();
    }
    return ByteBuffer.allocate(8).putLong(value | 3L << 62).array();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
