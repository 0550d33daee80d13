package io.anywire.broker.embedded;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts what is needed of each part of the journal, so that a part of which nothing is can be used
 * again. Not thread-safe.
 */
final class Needed {
  private final Map<Long, long[]> counts = new HashMap<>();
  private long segmentBytes = Long.MAX_VALUE;

  /** The part that was counted last, since the next is mostly the same; and the one before. */
  private long part = -1;

  private long[] count = new long[1];
  private long partBefore = -1;
  private long[] countBefore = new long[1];

  /** How large the parts are; to be told before anything is counted. */
  void parts(int bytes) {
    segmentBytes = bytes;
  }

  /** One more needs what is at that position. */
  void retain(long position) {
    long[] counted = count(position / segmentBytes);
    counted[0]++;
  }

  /** One less does. */
  void release(long position) {
    long[] counted = count(position / segmentBytes);
    if (counted[0] > 0 && --counted[0] == 0) {
      counts.remove(part);
      part = -1;
    }
  }

  /** What was retained lately is of one part, what is released mostly of another. */
  private long[] count(long wanted) {
    if (wanted != part) {
      long[] other = wanted == partBefore ? countBefore : null;
      countBefore = count;
      partBefore = part;
      count = other != null ? other : counts.computeIfAbsent(wanted, g -> new long[1]);
      part = wanted;
    }
    return count;
  }

  /** Whether anything in that part is needed. */
  boolean any(long part) {
    long[] counted = counts.get(part);
    return counted != null && counted[0] > 0;
  }
}
