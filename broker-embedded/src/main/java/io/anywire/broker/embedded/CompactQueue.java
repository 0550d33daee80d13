package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a few numbers each, first in, first out, in a few bytes a row: each number is kept as its
 * difference from the one above it, so that ten million places in a journal take some tens of
 * megabytes and no object each. Not thread-safe.
 */
final class CompactQueue {
  private static final int CHUNK = 4096;
  private static final int LONGEST = 10;

  /** Takes a row; what it is given is used again for the next. */
  @FunctionalInterface
  interface Rows {
    void row(long[] row);
  }

  private final int columns;
  private final Deque<byte[]> chunks = new ArrayDeque<>(1);
  private final long[] last;
  private final long[] first;
  private int written;
  private int read;
  private long size;

  /** Of rows with so many numbers. */
  CompactQueue(int columns) {
    this.columns = columns;
    this.last = new long[columns];
    this.first = new long[columns];
  }

  long size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Adds a row at the end. */
  void add(long... row) {
    byte @Nullable [] chunk = chunks.peekLast();
    if (chunk == null || written + columns * LONGEST > chunk.length) {
      chunk = grown(chunk);
    }
    for (int i = 0; i < columns; i++) {
      long difference = row[i] - last[i];
      last[i] = row[i];
      written = put(chunk, written, encoded(difference));
    }
    size++;
  }

  /** A short queue has a short chunk; one that is full is cut to what was written. */
  private byte[] grown(byte @Nullable [] chunk) {
    if (chunk != null && chunk.length < CHUNK) {
      byte[] longer = Arrays.copyOf(chunk, CHUNK);
      chunks.removeLast();
      chunks.addLast(longer);
      return longer;
    }
    if (chunk != null) {
      chunks.removeLast();
      chunks.addLast(Arrays.copyOf(chunk, written));
    }
    byte[] next = new byte[chunk == null ? 16 + columns * LONGEST : CHUNK];
    chunks.addLast(next);
    written = 0;
    return next;
  }

  /**
   * Takes the first row out.
   *
   * @return false when there is none
   */
  boolean poll(long[] row) {
    if (size == 0) {
      return false;
    }
    byte[] chunk = chunks.getFirst();
    if (chunks.size() > 1 && read == chunk.length) {
      chunks.removeFirst();
      chunk = chunks.getFirst();
      read = 0;
    }
    read = next(chunk, read, first);
    System.arraycopy(first, 0, row, 0, columns);
    if (--size == 0) {
      clear();
    }
    return true;
  }

  /**
   * Shows the first row without taking it.
   *
   * @return false when there is none
   */
  boolean peek(long[] row) {
    if (size == 0) {
      return false;
    }
    byte[] chunk = chunks.getFirst();
    boolean over = chunks.size() > 1 && read == chunk.length;
    System.arraycopy(first, 0, row, 0, columns);
    int unused = over ? next(second(), 0, row) : next(chunk, read, row);
    return true;
  }

  private byte[] second() {
    Iterator<byte[]> all = chunks.iterator();
    all.next();
    return all.next();
  }

  /** Shows every row, in order. */
  void forEach(Rows rows) {
    long[] row = first.clone();
    long left = size;
    int at = read;
    for (byte[] chunk : chunks) {
      boolean lastChunk = chunk == chunks.peekLast();
      int end = lastChunk ? written : chunk.length;
      while (at < end && left-- > 0) {
        at = next(chunk, at, row);
        rows.row(row);
      }
      at = 0;
    }
  }

  /** Lets {@code change} change every row, in order. */
  void replaceAll(Rows change) {
    CompactQueue changed = new CompactQueue(columns);
    forEach(row -> {
      long[] copy = row.clone();
      change.row(copy);
      changed.add(copy);
    });
    clear();
    changed.forEach(this::add);
  }

  /** Writes every row for a checkpoint, as it is kept. */
  void write(RecordWriter to) {
    to.number(size);
    for (long one : first) {
      to.number(one);
    }
    to.expect(chunks.stream().mapToInt(chunk -> chunk.length).sum());
    int from = read;
    for (byte[] chunk : chunks) {
      int end = chunk == chunks.peekLast() ? written : chunk.length;
      to.fields(chunk, from, end - from);
      from = 0;
    }
  }

  /** Reads what {@link #write} wrote into an empty one, and shows every row. */
  void read(RecordReader from, Rows rows) {
    long left = from.number();
    long[] row = new long[columns];
    for (int i = 0; i < columns; i++) {
      row[i] = from.number();
    }
    for (; left > 0; left--) {
      for (int i = 0; i < columns; i++) {
        row[i] += decoded(from.number());
      }
      add(row);
      rows.row(row);
    }
  }

  /** Takes every row out. */
  void clear() {
    chunks.clear();
    Arrays.fill(last, 0);
    Arrays.fill(first, 0);
    size = 0;
    read = 0;
    written = 0;
  }

  private int next(byte[] chunk, int from, long[] row) {
    int at = from;
    for (int i = 0; i < columns; i++) {
      long value = 0;
      byte next;
      int shift = 0;
      do {
        next = chunk[at++];
        value |= (next & 0x7fL) << shift;
        shift += 7;
      } while (next < 0);
      row[i] += decoded(value);
    }
    return at;
  }

  /** Small numbers are short, whatever their sign. */
  private static long encoded(long number) {
    return number << 1 ^ number >> 63;
  }

  private static long decoded(long number) {
    return number >>> 1 ^ -(number & 1);
  }

  private static int put(byte[] chunk, int from, long value) {
    int at = from;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      chunk[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    chunk[at++] = (byte) rest;
    return at;
  }
}
