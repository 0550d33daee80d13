package io.anywire.broker.embedded.journal;

import java.io.IOException;

/**
 * Looks at whole segments, one after the other, also at what came before the checkpoint and is read
 * only when somebody needs it. Goes on behind what is damaged. Not thread-safe.
 */
final class SegmentCheck {
  private final Segments segments;
  private final JournalReader reader;
  private final JournalScan to;
  private long synced;

  SegmentCheck(Segments segments, long store, JournalScan to) {
    this.segments = segments;
    this.reader = new JournalReader(segments, store, true);
    this.to = to;
  }

  /**
   * Checks one.
   *
   * @param end of the journal, behind which there is no order
   */
  void check(Segment segment, long end) throws IOException {
    SegmentScan scan = reader.scan(segment);
    long start = reader.start(segment);
    int most = (int) Math.min(segments.size(), end - start);
    marks(segment, 0, segment.header().synced(), start);
    int offset = SegmentScan.first();
    while (offset < most) {
      JournalReader.Batch batch = reader.batch(segment, scan, offset);
      if (batch != null) {
        took(batch, offset);
        offset = (int) (batch.header().end() - start);
        continue;
      }
      boolean begun = reader.header(segment, scan, offset) != null;
      int next = nextHeader(segment, scan, offset, most);
      if (next < 0) {
        break;
      }
      String what = begun ? "the checksum of a batch does not fit" : "no header of a batch";
      to.damage(segments.corrupt(segment.name(), offset, what));
      offset = next;
    }
    ends(segment, start + offset, end);
  }

  private void took(JournalReader.Batch batch, int offset) {
    BatchHeader header = batch.header();
    marks(batch.segment(), offset, header.synced(), header.position());
    to.batch(header.position(), header.end() - header.position());
    try {
      reader.records(batch, to);
    } catch (CorruptStoreException e) {
      to.damage(e);
    }
  }

  /** What is marked as safe comes before the mark, and never becomes less. */
  private void marks(Segment segment, int offset, long marked, long position) {
    if (marked > position || marked < synced) {
      String what = "marked as safe: %d (expected: %d to %d)".formatted(marked, synced, position);
      to.damage(segments.corrupt(segment.name(), offset, what));
    }
    synced = Math.max(synced, marked);
  }

  private int nextHeader(Segment segment, SegmentScan scan, int offset, int most)
      throws IOException {
    for (int at = offset + 8; at <= most - BatchHeader.BYTES; at += 8) {
      if (reader.header(segment, scan, at) != null) {
        return at;
      }
    }
    return -1;
  }

  /** A segment ends where the next says, and the last where the journal does. */
  private void ends(Segment segment, long position, long end) {
    boolean last = end / segments.size() == segment.generation();
    Segment next = segments.of(segment.generation() + 1);
    long wanted = last ? end : next == null ? position : next.header().previousEnd();
    if (position != wanted) {
      to.damage(
          segments.corrupt(
              segment.name(),
              position - reader.start(segment),
              "no whole batch, though the journal goes on to position " + wanted));
    }
  }
}
