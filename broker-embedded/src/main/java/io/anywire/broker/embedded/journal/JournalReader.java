package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the batches of a journal, and the records in them. Nobody else does: whoever opens a store
 * and whoever checks one see the same. Not thread-safe.
 */
final class JournalReader {
  /** A batch that is whole. */
  record Batch(Segment segment, BatchHeader header, ByteBuffer content) {}

  private final Segments segments;
  private final long store;
  private final boolean strict;
  private final Checksum checksums = new Checksum();

  /**
   * @param strict whether the checksum of each record is looked at too, which that of its batch
   *     covers
   */
  JournalReader(Segments segments, long store, boolean strict) {
    this.segments = segments;
    this.store = store;
    this.strict = strict;
  }

  /** The position where a segment begins. */
  long start(Segment segment) {
    return segment.generation() * segments.size();
  }

  /** The segment that goes on where one ends; null when there is none. */
  @Nullable Segment following(Segment segment, long end) {
    Segment next = segments.of(segment.generation() + 1);
    return next != null && next.header().previousEnd() == end ? next : null;
  }

  SegmentScan scan(Segment segment) {
    return new SegmentScan(segment.file(), segments.size());
  }

  /** The header of a batch at {@code offset}; null when there is none. */
  @Nullable BatchHeader header(Segment segment, SegmentScan scan, int offset) throws IOException {
    int at = scan.seek(offset, BatchHeader.BYTES);
    return BatchHeader.read(
        scan.bytes(), at, start(segment) + offset, store, segment.generation(), checksums);
  }

  /** The batch at {@code offset}; null when there is none, or not all of it. */
  @Nullable Batch batch(Segment segment, SegmentScan scan, int offset) throws IOException {
    BatchHeader header = header(segment, scan, offset);
    if (header == null || header.length() > segments.size() - offset - BatchHeader.BYTES) {
      return null;
    }
    int at = scan.seek(offset, BatchHeader.BYTES + header.length()) + BatchHeader.BYTES;
    boolean there = scan.bytes().limit() >= at + header.length();
    return there && header.checksum() == checksum(segment, header, scan.bytes(), at)
        ? new Batch(segment, header, scan.bytes().slice(at, header.length()))
        : null;
  }

  private int checksum(Segment segment, BatchHeader header, ByteBuffer bytes, int at) {
    return checksums.of(store, segment.generation(), header.position(), bytes, at, header.length());
  }

  /**
   * Hands over the records of a batch.
   *
   * @throws CorruptStoreException when one is none, or {@code to} can make nothing of it
   */
  void records(Batch batch, Replay to) throws CorruptStoreException {
    ByteBuffer content = batch.content();
    long first = batch.header().position() + BatchHeader.BYTES;
    while (content.hasRemaining()) {
      int at = content.position();
      ByteBuffer record = record(batch, content);
      try {
        to.record(first + at, record.get(), record);
      } catch (RuntimeException e) {
        throw corrupt(batch, at, "a record that makes no sense: " + e.getMessage(), e);
      }
    }
  }

  private ByteBuffer record(Batch batch, ByteBuffer content) throws CorruptStoreException {
    int at = content.position();
    int length = content.remaining() < RecordWriter.FRAME ? 0 : content.getInt();
    if (length < 1 || length > content.remaining() - 4) {
      throw corrupt(batch, at, "no record", null);
    }
    int checksum = content.getInt();
    ByteBuffer record = content.slice(content.position(), length);
    if (strict && checksum != Checksum.of(record.array(), record.arrayOffset(), length)) {
      throw corrupt(batch, at, "the checksum of a record does not fit", null);
    }
    content.position(content.position() + length);
    return record;
  }

  private CorruptStoreException corrupt(
      Batch batch, int at, String what, @Nullable RuntimeException cause) {
    long offset = batch.header().position() + BatchHeader.BYTES + at - start(batch.segment());
    CorruptStoreException corrupt = segments.corrupt(batch.segment().name(), offset, what);
    if (cause != null) {
      corrupt.addSuppressed(cause);
    }
    return corrupt;
  }
}
