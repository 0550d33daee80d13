package io.anywire.broker.embedded.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Makes records: length, checksum, kind, and fields. Numbers are varints (LEB128), texts and bytes
 * have their length before them. Not thread-safe.
 */
public final class RecordWriter {
  /** Length and checksum. */
  static final int FRAME = 8;

  private byte[] bytes;
  private int size = FRAME;

  /**
   * Begins one record; {@code room} is what its fields may need. More is found when they do; when
   * it is just what they need, nothing is copied.
   */
  public RecordWriter(int kind, int room) {
    bytes = new byte[FRAME + 1 + room];
    bytes[size++] = (byte) kind;
  }

  /** A record with that content, its kind first. */
  public static byte[] record(ByteBuffer content) {
    RecordWriter record = new RecordWriter(content.get(), content.remaining());
    int length = content.remaining();
    content.get(record.bytes, record.size, length);
    record.size += length;
    return record.done();
  }

  /** Several records, one after the other. */
  public static byte[] joined(List<byte[]> records) {
    ByteBuffer all = ByteBuffer.allocate(records.stream().mapToInt(one -> one.length).sum());
    records.forEach(all::put);
    return all.array();
  }

  /** How many bytes a number takes. */
  public static int room(long number) {
    return (Long.SIZE - Long.numberOfLeadingZeros(number | 1) + 6) / 7;
  }

  /** How many bytes a text takes if it is of ASCII characters only. */
  public static int room(String text) {
    return room(text.length()) + text.length();
  }

  /** How many bytes these take. */
  public static int room(ByteString bytes) {
    return room(bytes.size()) + bytes.size();
  }

  /** Adds a number; negative ones take ten bytes. */
  public RecordWriter number(long value) {
    ensure(room(value));
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  /** Adds a text. */
  public RecordWriter text(String value) {
    int length = value.length();
    int start = size;
    number(length);
    ensure(length);
    for (int i = 0; i < length; i++) {
      char next = value.charAt(i);
      if (next >= 0x80) {
        size = start;
        return encoded(value);
      }
      bytes[size + i] = (byte) next;
    }
    size += length;
    return this;
  }

  private RecordWriter encoded(String value) {
    byte[] encoded = value.getBytes(UTF_8);
    number(encoded.length);
    ensure(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
    return this;
  }

  /** Adds bytes. */
  public RecordWriter bytes(ByteString value) {
    number(value.size());
    ensure(value.size());
    value.copyTo(bytes, size);
    size += value.size();
    return this;
  }

  /** Adds bytes that are fields already. */
  public RecordWriter fields(byte[] fields, int from, int length) {
    ensure(length);
    System.arraycopy(fields, from, bytes, size, length);
    size += length;
    return this;
  }

  /** So many bytes will be added. */
  public RecordWriter expect(int more) {
    ensure(more);
    return this;
  }

  /** The record. */
  public byte[] done() {
    putInt(0, size - FRAME);
    putInt(4, Checksum.of(bytes, FRAME, size - FRAME));
    return bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
  }

  private void putInt(int at, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> (24 - 8 * i));
    }
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
