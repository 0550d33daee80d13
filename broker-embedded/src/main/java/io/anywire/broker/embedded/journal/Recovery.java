package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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

  private final Segments segments;
  private final Replay replay;
  private final JournalReader reader;
  private final List<Ending.Stray> strays = new ArrayList<>();
  private long synced;
  private long tail;

  Recovery(Segments segments, long store, Replay replay) {
    this.segments = segments;
    this.replay = replay;
    this.reader = new JournalReader(segments, store, false);
  }

  /**
   * Replays what is whole from {@code from} on, and finds where the journal ends. Changes nothing.
   *
   * @param from where a checkpoint ends; everything before it was on stable storage
   * @param cleanEnd where it ended when it was closed in good order
   * @throws CorruptStoreException when it cannot end there
   */
  Ending read(long from, OptionalLong cleanEnd) throws IOException {
    synced = from;
    Segment segment = segments.of(from / segments.size());
    if (segment == null) {
      throw segments.corrupt(
          "checkpoint", 0, "the segment of position " + from + ", where it ends, is not there");
    }
    long end = replay(segment, (int) (from % segments.size()));
    for (Segment next = reader.following(segment, end);
        next != null;
        next = reader.following(segment, end)) {
      segment = next;
      end = replay(segment, SegmentScan.first());
    }
    boolean began = lookBehind(segment, (int) (end - reader.start(segment)));
    judge(segment, end, cleanEnd);
    boolean more = began || !strays.isEmpty() || !segments.after(segment.generation()).isEmpty();
    boolean torn = cleanEnd.isEmpty() && more;
    return new Ending(
        segment,
        end,
        List.copyOf(strays),
        torn,
        cleanEnd.orElse(synced),
        torn ? Math.max(tail, began ? BatchHeader.BYTES : 0) : 0);
  }

  /** Replays the batches of one segment; returns where they end. */
  private long replay(Segment segment, int from) throws IOException {
    SegmentScan scan = reader.scan(segment);
    long end = reader.start(segment) + from;
    for (JournalReader.Batch batch = reader.batch(segment, scan, from);
        batch != null;
        batch = reader.batch(segment, scan, (int) (end - reader.start(segment)))) {
      reader.records(batch, replay);
      synced = Math.max(synced, batch.header().synced());
      end = batch.header().end();
    }
    return end;
  }

  /**
   * Learns from everything behind the end how far the journal once was on stable storage; returns
   * whether a batch may have been begun there.
   */
  private boolean lookBehind(Segment last, int end) throws IOException {
    strays(last, end);
    for (Segment later : segments.after(last.generation())) {
      synced = Math.max(synced, later.header().synced());
      strays(later, SegmentScan.first());
    }
    return beganToWrite(last, end);
  }

  /** Whether what stands at the end may be the damaged header of a batch of this generation. */
  private boolean beganToWrite(Segment segment, int end) throws IOException {
    if (end > segments.size() - BatchHeader.BYTES) {
      return false;
    }
    SegmentScan scan = reader.scan(segment);
    int at = scan.seek(end, BatchHeader.BYTES);
    long position = scan.bytes().getLong(at + 8);
    boolean older = position % segments.size() == end && position < reader.start(segment);
    return position == reader.start(segment) + end
        || scan.bytes().getInt(at) == BatchHeader.MAGIC && !older;
  }

  private void strays(Segment segment, int from) throws IOException {
    SegmentScan scan = reader.scan(segment);
    for (int offset = from; offset <= segments.size() - BatchHeader.BYTES; offset += 8) {
      BatchHeader header = reader.header(segment, scan, offset);
      if (header != null) {
        synced = Math.max(synced, header.synced());
        tail += header.end() - header.position();
        strays.add(new Ending.Stray(segment, offset));
      }
    }
  }

  private void judge(Segment last, long end, OptionalLong cleanEnd) throws IOException {
    long offset = end - reader.start(last);
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
  void cut(Ending ending) throws IOException {
    for (Ending.Stray stray : ending.strays()) {
      stray.segment().file().write(stray.offset(), ByteBuffer.allocate(BatchHeader.BYTES));
    }
    ending.last().file().force();
    segments.discardAfter(ending.last().generation());
    if (ending.torn()) {
      log.atWarn()
          .addKeyValue("file", ending.last().name())
          .addKeyValue("offset", ending.end() - reader.start(ending.last()))
          .addKeyValue("bytes", ending.tail())
          .log("Cut a torn tail that was never acknowledged");
    }
  }
}
