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

  /** How large the parts are; to be told before anything is counted. */
  void parts(int bytes) {
    segmentBytes = bytes;
  }

  /** One more needs what is at that position. */
  void retain(long position) {
    counts.computeIfAbsent(position / segmentBytes, g -> new long[1])[0]++;
  }

  /** One less does. */
  void release(long position) {
    long part = position / segmentBytes;
    long[] count = counts.get(part);
    if (count != null && --count[0] == 0) {
      counts.remove(part);
    }
  }

  /** Whether anything in that part is needed. */
  boolean any(long part) {
    return counts.containsKey(part);
  }
}
