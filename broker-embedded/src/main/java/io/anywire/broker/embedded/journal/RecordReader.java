package io.anywire.broker.embedded.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Reads the fields that {@link RecordWriter} wrote, in the same order. Not thread-safe. */
public final class RecordReader {
  private final ByteBuffer bytes;

  /** From the buffer's position on; it has an array. */
  public RecordReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** From a record as {@link RecordWriter} made it. */
  public static RecordReader of(ByteBuffer record) {
    return new RecordReader(record.position(record.position() + RecordWriter.FRAME + 1));
  }

  /** Whether there is more. */
  public boolean hasMore() {
    return bytes.hasRemaining();
  }

  /** The kind, of a record that begins with it. */
  public int kind() {
    return bytes.get();
  }

  /** The next field, a number. */
  public long number() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes.get();
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
    if (count < 0 || count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    return count;
  }

  /** The next field, a text. */
  public String text() {
    int length = count();
    int from = bytes.position();
    bytes.position(from + length);
    return new String(bytes.array(), bytes.arrayOffset() + from, length, UTF_8);
  }

  /** The next field, bytes. */
  public ByteString bytes() {
    int length = count();
    return ByteString.copyFrom(bytes, length);
  }
}
