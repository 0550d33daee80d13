package io.anywire.broker.embedded.journal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the records of a batch.
 *
 * @param length of the content, in bytes
 * @param position of the header itself
 * @param synced everything before it was on stable storage when this was written
 * @param checksum of the content
 */
record BatchHeader(int length, long position, long synced, int checksum) {
  static final int BYTES = 32;
  static final int MAGIC = 0x41574254;
  private static final int SUMMED = 28;

  /** Writes it to {@code to} at {@code at}. */
  void write(ByteBuffer to, int at, long store, long generation, Checksum checksums) {
    to.putInt(at, MAGIC);
    to.putInt(at + 4, length);
    to.putLong(at + 8, position);
    to.putLong(at + 16, synced);
    to.putInt(at + 24, checksum);
    to.putInt(at + SUMMED, checksums.of(store, generation, to, at, SUMMED));
  }

  /** The header at {@code at} in {@code from}; null where there is none of that position. */
  static @Nullable BatchHeader read(
      ByteBuffer from, int at, long position, long store, long generation, Checksum checksums) {
    boolean ours =
        from.limit() - at >= BYTES
            && from.getInt(at) == MAGIC
            && from.getLong(at + 8) == position
            && from.getInt(at + 4) >= 0
            && from.getInt(at + SUMMED) == checksums.of(store, generation, from, at, SUMMED);
    return ours
        ? new BatchHeader(
            from.getInt(at + 4), position, from.getLong(at + 16), from.getInt(at + 24))
        : null;
  }

  /** Where the next batch begins. */
  long end() {
    return aligned(position + BYTES + length);
  }

  /** The next multiple of 8. */
  static long aligned(long position) {
    return (position + 7) & ~7L;
  }
}
