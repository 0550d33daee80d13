package io.anywire.http.hostile;

import java.nio.ByteBuffer;

/** Reads the status of a response of HTTP/3 whose section needs no dynamic table. */
final class Responses {
  /**
   * The codes of {@code :status} in QPACK's static table (RFC 9204, appendix A), by their index.
   */
  private static final int FIRST = 24;

  private static final int[] FROM_FIRST = {103, 200, 304, 404, 503};
  private static final int SECOND = 63;
  private static final int[] FROM_SECOND = {100, 204, 206, 302, 400, 403, 421, 425, 500};
  private static final int INDEXED = 0xc0;
  private static final int NAMED = 0x50;
  private static final int NAME_BITS = 0x0f;
  private static final int HUFFMAN = 0x80;

  private Responses() {}

  /** The first status that is final; empty while it has not come. */
  static String status(byte[] stream) {
    ByteBuffer in = ByteBuffer.wrap(stream);
    while (in.hasRemaining()) {
      long type = integer(in);
      long length = type < 0 ? -1 : integer(in);
      if (length < 0 || length > in.remaining()) {
        return "";
      }
      int at = in.position();
      if (type == Fields.HEADERS) {
        String status = ofSection(in.position(at + 2));
        if (!status.startsWith("1")) {
          return status;
        }
      }
      in.position(at + (int) length);
    }
    return "";
  }

  private static long integer(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return -1;
    }
    int first = in.get() & 0xff;
    int more = (1 << (first >> 6)) - 1;
    if (in.remaining() < more) {
      return -1;
    }
    long value = first & 0x3f;
    for (int i = 0; i < more; i++) {
      value = value << 8 | in.get() & 0xff;
    }
    return value;
  }

  private static String ofSection(ByteBuffer in) {
    int first = in.get() & 0xff;
    if ((first & INDEXED) == INDEXED) {
      return String.valueOf(ofIndex(prefixed(in, first, 0x3f)));
    } else if ((first & NAMED) == NAMED) {
      prefixed(in, first, NAME_BITS);
      int length = in.get() & 0xff;
      return (length & HUFFMAN) == 0 ? ascii(in, length) : huffman(in);
    }
    return "unknown";
  }

  private static int prefixed(ByteBuffer in, int first, int most) {
    return (first & most) < most ? first & most : most + (in.get() & 0x7f);
  }

  private static int ofIndex(int index) {
    return index < SECOND ? FROM_FIRST[index - FIRST] : FROM_SECOND[index - SECOND];
  }

  private static String ascii(ByteBuffer in, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) in.get());
    }
    return text.toString();
  }

  /** Three digits: 0 to 2 have five bits, the others six (RFC 7541, appendix B). */
  private static String huffman(ByteBuffer in) {
    int bits =
        (in.get() & 0xff) << 16
            | (in.get() & 0xff) << 8
            | (in.hasRemaining() ? in.get() & 0xff : 0);
    StringBuilder text = new StringBuilder();
    for (int at = 24; text.length() < 3; ) {
      int five = bits >> at - 5 & 0x1f;
      int six = bits >> at - 6 & 0x3f;
      text.append((char) ('0' + (five < 3 ? five : six - 0x16)));
      at -= five < 3 ? 5 : 6;
    }
    return text.toString();
  }
}
