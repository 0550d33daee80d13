package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what is needed of each part of the journal, so that a part of which nothing is can be used
 * again, and of which little is can be copied. Not thread-safe.
 */
final class Needed {
  private static final int MOSTLY = 4;

  /** Of each part, how much is needed, and how much ever was. */
  private final Map<Long, long[]> counts = new HashMap<>();

  private long segmentBytes = Long.MAX_VALUE;

  /** The part that was counted last, since the next is mostly the same; and the one before. */
  private long part = -1;

  private long[] count = new long[2];
  private long partBefore = -1;
  private long[] countBefore = new long[2];

  /** How large the parts are; to be told before anything is counted. */
  void parts(int bytes) {
    segmentBytes = bytes;
  }

  /** One more needs what is at that position. */
  void retain(long position) {
    long[] counted = count(position / segmentBytes);
    counted[0]++;
    counted[1]++;
  }

  /** One less does. */
  void release(long position) {
    long[] counted = count(position / segmentBytes);
    counted[0] = Math.max(0, counted[0] - 1);
  }

  /** What was retained lately is of one part, what is released mostly of another. */
  private long[] count(long wanted) {
    if (wanted != part) {
      long[] other = wanted == partBefore ? countBefore : null;
      countBefore = count;
      partBefore = part;
      count = other != null ? other : counts.computeIfAbsent(wanted, g -> new long[2]);
      part = wanted;
    }
    return count;
  }

  /** That part is used for something else from now on. */
  void forget(long gone) {
    counts.remove(gone);
    part = -1;
    partBefore = -1;
  }

  /** Writes for a checkpoint what cannot be counted again. */
  void write(RecordWriter to) {
    to.number(counts.size());
    counts.forEach((one, counted) -> to.number(one).number(counted[1]));
  }

  /** Reads what {@link #write} wrote, when everything has been counted again. */
  void read(RecordReader from) {
    for (int left = from.small(); left > 0; left--) {
      long[] counted = count(from.number());
      counted[1] = Math.max(counted[0], from.number());
    }
  }

  /** Whether little of what ever was needed of that part still is, but something. */
  boolean isMostlyDead(long part) {
    long[] counted = counts.get(part);
    return counted != null && counted[0] > 0 && counted[0] * MOSTLY < counted[1];
  }

  /** The part that a position is in. */
  long part(long position) {
    return position / segmentBytes;
  }

  /** Whether anything in that part is needed. */
  boolean any(long part) {
    long[] counted = counts.get(part);
    return counted != null && counted[0] > 0;
  }
}
