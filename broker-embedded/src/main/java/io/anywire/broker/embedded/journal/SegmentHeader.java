package io.anywire.broker.embedded.journal;

import java.nio.ByteBuffer;

/**
 * The first page of a segment.
 *
 * @param store the id of the store
 * @param generation the part of the journal that it holds; a prepared segment has none, and zeros
 *     here
 * @param previousEnd where the journal ended in the generation before
 * @param synced everything before it was on stable storage when this was written
 */
record SegmentHeader(long store, long generation, long previousEnd, long synced) {
  /** The header has a page for itself, so that no batch shares one with it. */
  static final int PAGE = 4096;

  private static final int MAGIC = 0x41575347;
  private static final int VERSION = 1;
  private static final int SUMMED = 40;

  ByteBuffer page() {
    ByteBuffer page = ByteBuffer.allocate(PAGE);
    page.putInt(MAGIC).putInt(VERSION).putLong(store).putLong(generation);
    page.putLong(previousEnd).putLong(synced);
    page.putInt(Checksum.of(page.array(), 0, SUMMED));
    return page.clear();
  }

  /** Whether that is the page of a segment that was never used. */
  static boolean isBlank(ByteBuffer page) {
    return page.equals(ByteBuffer.allocate(PAGE));
  }

  /** What is wrong with a page that should be a header of that store; empty if nothing is. */
  static String complaint(ByteBuffer page, long store) {
    if (page.getInt(0) != MAGIC || page.getInt(SUMMED) != Checksum.of(page.array(), 0, SUMMED)) {
      return "no header of a segment";
    }
    if (page.getInt(4) != VERSION) {
      return "version " + page.getInt(4) + " (expected: " + VERSION + ")";
    }
    return page.getLong(8) == store ? "" : "it belongs to another store";
  }

  /** Reads a page about which there is no complaint. */
  static SegmentHeader read(ByteBuffer page) {
    return new SegmentHeader(page.getLong(8), page.getLong(16), page.getLong(24), page.getLong(32));
  }
}
