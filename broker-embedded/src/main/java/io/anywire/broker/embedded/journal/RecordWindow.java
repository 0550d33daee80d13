package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A piece of the journal in memory, for reading records that may be near each other. Not
 * thread-safe.
 */
final class RecordWindow {
  /** What is read for one record, and mostly holds it. */
  private static final int ALONE = 1 << 10;

  /** What is read where the next is near. */
  private static final int SEVERAL = 64 << 10;

  private final Segments segments;
  private final int mostBytes;
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  /** Where the window begins, and how many bytes are in it. */
  private long start;

  private int size;

  RecordWindow(Segments segments, int mostBytes) {
    this.segments = segments;
    this.mostBytes = mostBytes;
  }

  /**
   * The content of the record at {@code position}, until the next is asked for.
   *
   * @param next where that will be
   */
  ByteBuffer record(Segment segment, long position, long next) throws IOException {
    bytes.clear();
    if (!has(position, RecordWriter.FRAME)) {
      boolean near = next > position && next - position < SEVERAL / 2;
      read(segment, position, near ? SEVERAL : ALONE);
    }
    int length = has(position, RecordWriter.FRAME) ? bytes.getInt(at(position)) : -1;
    if (length < 1 || length > mostBytes) {
      throw corrupt(segment, position, "no record");
    }
    int whole = RecordWriter.FRAME + length;
    if (!has(position, whole)) {
      read(segment, position, Math.max(whole, SEVERAL));
    }
    int from = at(position);
    int checksum = has(position, whole) ? bytes.getInt(from + 4) : 0;
    from += RecordWriter.FRAME;
    if (!has(position, whole) || checksum != Checksum.of(bytes.array(), from, length)) {
      throw corrupt(segment, position, "the checksum of a record does not fit");
    }
    return bytes.limit(from + length).position(from);
  }

  private boolean has(long position, int length) {
    return position >= start && position + length <= start + size;
  }

  private int at(long position) {
    return (int) (position - start);
  }

  /** Up to the end of the segment at most. */
  private void read(Segment segment, long position, int most) throws IOException {
    long offset = position % segments.size();
    int length = (int) Math.min(most, segments.size() - offset);
    if (bytes.capacity() < length) {
      bytes = ByteBuffer.allocate(length);
    }
    segment.file().read(offset, bytes.clear().limit(length));
    start = position;
    size = bytes.position();
    bytes.clear();
  }

  private CorruptStoreException corrupt(Segment segment, long position, String what) {
    return segments.corrupt(segment.name(), position % segments.size(), what);
  }
}
