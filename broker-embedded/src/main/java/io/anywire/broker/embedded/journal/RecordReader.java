package io.anywire.broker.embedded.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the fields that {@link RecordWriter} wrote, in the same order. Not thread-safe. */
public final class RecordReader {
  /**
   * Texts up to here may be ones that are read again and again, such as the names of attributes.
   */
  private static final int SHORT = 24;

  /** Some short texts that were read, each where it belongs, to be used again. */
  private static final @Nullable String[] KNOWN = new @Nullable String[256];

  private final byte[] bytes;
  private final int end;
  private int at;

  /** From the buffer's position on; it has an array. */
  public RecordReader(ByteBuffer buffer) {
    this.bytes = buffer.array();
    this.at = buffer.arrayOffset() + buffer.position();
    this.end = buffer.arrayOffset() + buffer.limit();
  }

  /** From a record as {@link RecordWriter} made it. */
  public static RecordReader of(ByteBuffer record) {
    return new RecordReader(record.position(record.position() + RecordWriter.FRAME + 1));
  }

  /** Whether there is more. */
  public boolean hasMore() {
    return at < end;
  }

  /** The kind, of a record that begins with it. */
  public int kind() {
    return next();
  }

  private byte next() {
    if (at >= end) {
      throw new BufferUnderflowException();
    }
    return bytes[at++];
  }

  /** The next field, a number. */
  public long number() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = next();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** The next field, a number that is small. */
  public int small() {
    return Math.toIntExact(number());
  }

  /** The next field, how many things follow, of a byte at least each. */
  public int count() {
    int count = small();
    if (count < 0 || count > end - at) {
      throw new BufferUnderflowException();
    }
    return count;
  }

  /** The next field, a text. */
  public String text() {
    int length = count();
    int from = at;
    at += length;
    return length == 0 || length > SHORT
        ? new String(bytes, from, length, UTF_8)
        : known(from, length);
  }

  /** Threads may put in what others do not see at once, which costs a string and nothing else. */
  private String known(int from, int length) {
    int hash = 31 * (31 * bytes[from] + bytes[from + length / 2]) + bytes[from + length - 1];
    int place = hash + length & KNOWN.length - 1;
    String known = KNOWN[place];
    if (known == null || !is(known, from, length)) {
      known = new String(bytes, from, length, UTF_8);
      KNOWN[place] = known;
    }
    return known;
  }

  /** Whether it is that text; false for some that are not of ASCII characters only. */
  private boolean is(String text, int from, int length) {
    if (text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  /** The next field, bytes. */
  public ByteString bytes() {
    int length = count();
    int from = at;
    at += length;
    return ByteString.copyFrom(bytes, from, length);
  }
}
