package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the end of a journal, and decides whether a crash can have left it so.
 *
 * <p>The journal ends before the first batch that is not whole. That is a torn tail, and harmless,
 * as long as nobody can have relied on what is missing; whatever says that something behind the end
 * was on stable storage, a batch that comes later, the header of a later segment, the checkpoint,
 * or the mark of an orderly close, makes it corruption. Not thread-safe.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  /** Where a header that does not belong to the journal any more stands. */
  private record Stray(Segment segment, int offset) {}

  private final Segments segments;
  private final long store;
  private final Replay replay;
  private final Checksum checksums = new Checksum();
  private final List<Stray> strays = new ArrayList<>();
  private long synced;
  private boolean torn;

  Recovery(Segments segments, long store, Replay replay) {
    this.segments = segments;
    this.store = store;
    this.replay = replay;
  }

  /**
   * Replays what is whole from {@code from} on, cuts what is behind it, and returns where the
   * journal ends.
   *
   * @param from where a checkpoint ends; everything before it was on stable storage
   * @param cleanEnd where it ended when it was closed in good order
   * @throws CorruptStoreException when it cannot end there; nothing has been changed then
   */
  long run(long from, OptionalLong cleanEnd) throws IOException {
    synced = from;
    Segment segment = segments.of(from / segments.size());
    if (segment == null) {
      throw segments.corrupt(
          "checkpoint", 0, "the segment of position " + from + ", where it ends, is not there");
    }
    long end = replay(segment, (int) (from % segments.size()));
    for (Segment next = following(segment, end); next != null; next = following(segment, end)) {
      segment = next;
      end = replay(segment, SegmentScan.first());
    }
    lookBehind(segment, (int) (end - start(segment)));
    judge(segment, end, cleanEnd);
    if (cleanEnd.isEmpty()) {
      cut(segment, end);
    }
    return end;
  }

  /** Whether something that had been written was cut. */
  boolean hasCut() {
    return torn;
  }

  private @Nullable Segment following(Segment segment, long end) {
    Segment next = segments.of(segment.generation() + 1);
    return next != null && next.header().previousEnd() == end ? next : null;
  }

  private long start(Segment segment) {
    return segment.generation() * segments.size();
  }

  /** Replays the batches of one segment; returns where they end. */
  private long replay(Segment segment, int from) throws IOException {
    SegmentScan scan = new SegmentScan(segment.file(), segments.size());
    int offset = from;
    for (BatchHeader header = whole(segment, scan, offset);
        header != null;
        header = whole(segment, scan, offset)) {
      int content = scan.seek(offset, BatchHeader.BYTES + header.length()) + BatchHeader.BYTES;
      records(
          scan.bytes().duplicate().limit(content + header.length()).position(content),
          header.position() + BatchHeader.BYTES);
      offset = (int) (header.end() - start(segment));
    }
    return start(segment) + offset;
  }

  /** The batch at {@code offset}; null when there is none, or not all of it. */
  private @Nullable BatchHeader whole(Segment segment, SegmentScan scan, int offset)
      throws IOException {
    BatchHeader header = header(segment, scan, offset);
    if (header == null || header.length() > segments.size() - offset - BatchHeader.BYTES) {
      return null;
    }
    int at = scan.seek(offset, BatchHeader.BYTES + header.length()) + BatchHeader.BYTES;
    boolean there = scan.bytes().limit() >= at + header.length();
    return there && header.checksum() == checksum(segment, header, scan.bytes(), at)
        ? header
        : null;
  }

  private int checksum(Segment segment, BatchHeader header, ByteBuffer bytes, int at) {
    return checksums.of(store, segment.generation(), header.position(), bytes, at, header.length());
  }

  private @Nullable BatchHeader header(Segment segment, SegmentScan scan, int offset)
      throws IOException {
    int at = scan.seek(offset, BatchHeader.BYTES);
    return BatchHeader.read(
        scan.bytes(), at, start(segment) + offset, store, segment.generation(), checksums);
  }

  private void records(ByteBuffer content, long position) {
    int first = content.position();
    while (content.hasRemaining()) {
      long at = position + content.position() - first;
      int length = content.getInt();
      content.position(content.position() + 4);
      ByteBuffer record = content.slice(content.position(), length);
      content.position(content.position() + length);
      replay.record(at, record.get(), record);
    }
  }

  /** Learns from everything behind the end how far the journal once was on stable storage. */
  private void lookBehind(Segment last, int end) throws IOException {
    torn = beganToWrite(last, end);
    strays(last, end);
    for (Segment later : segments.after(last.generation())) {
      synced = Math.max(synced, later.header().synced());
      strays(later, SegmentScan.first());
    }
  }

  /** Whether what stands at the end may be the damaged header of a batch of this generation. */
  private boolean beganToWrite(Segment segment, int end) throws IOException {
    if (end > segments.size() - BatchHeader.BYTES) {
      return false;
    }
    SegmentScan scan = new SegmentScan(segment.file(), segments.size());
    int at = scan.seek(end, BatchHeader.BYTES);
    long position = scan.bytes().getLong(at + 8);
    boolean older = position % segments.size() == end && position < start(segment);
    return position == start(segment) + end
        || scan.bytes().getInt(at) == BatchHeader.MAGIC && !older;
  }

  private void strays(Segment segment, int from) throws IOException {
    SegmentScan scan = new SegmentScan(segment.file(), segments.size());
    for (int offset = from; offset <= segments.size() - BatchHeader.BYTES; offset += 8) {
      BatchHeader header = header(segment, scan, offset);
      if (header != null) {
        synced = Math.max(synced, header.synced());
        strays.add(new Stray(segment, offset));
      }
    }
  }

  private void judge(Segment last, long end, OptionalLong cleanEnd) throws IOException {
    long offset = end - start(last);
    if (end < synced) {
      throw segments.corrupt(
          last.name(),
          offset,
          "no whole batch, though all before position " + synced + " was safe");
    }
    if (cleanEnd.isPresent() && cleanEnd.getAsLong() != end) {
      throw segments.corrupt(
          last.name(), offset, "closed in good order at position " + cleanEnd.getAsLong());
    }
  }

  /** Removes what is behind the end, so that nothing written later joins up with it. */
  private void cut(Segment last, long end) throws IOException {
    for (Stray stray : strays) {
      stray.segment().file().write(stray.offset(), ByteBuffer.allocate(BatchHeader.BYTES));
    }
    last.file().force();
    torn |= !strays.isEmpty() || !segments.after(last.generation()).isEmpty();
    segments.discardAfter(last.generation());
    if (torn) {
      log.atWarn()
          .addKeyValue("file", last.name())
          .addKeyValue("offset", end - start(last))
          .addKeyValue("more", strays.size())
          .log("Cut a torn tail that was never acknowledged");
    }
  }
}
