package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Looks at a segment from front to back, reading large pieces. Not thread-safe. */
final class SegmentScan {
  private static final int PIECE = 1 << 20;

  private final StoreFile file;
  private final int size;
  private ByteBuffer piece;
  private int start;

  SegmentScan(StoreFile file, int size) {
    this.file = file;
    this.size = size;
    this.piece = ByteBuffer.allocate(Math.min(PIECE, size)).limit(0);
  }

  /** Where it begins to find batches. */
  static int first() {
    return SegmentHeader.PAGE;
  }

  /**
   * Reads so that {@code length} bytes from {@code offset} on, or as many as the segment has, are
   * in {@link #bytes}; returns where in these they begin.
   */
  int seek(int offset, int length) throws IOException {
    int end = (int) Math.min(size, (long) offset + length);
    if (offset < start || end > start + piece.limit()) {
      if (length > piece.capacity()) {
        piece = ByteBuffer.allocate(length);
      }
      start = offset;
      piece.clear().limit(Math.min(piece.capacity(), size - offset));
      file.read(offset, piece);
      piece.flip();
    }
    return offset - start;
  }

  ByteBuffer bytes() {
    return piece;
  }
}
