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
  private static final int NEARLY = 8;

  private final Map<Long, Part> parts = new HashMap<>();
  private long segmentBytes = Long.MAX_VALUE;

  /** The part that was counted last, since the next is mostly the same; and the one before. */
  private Part last = new Part(-1, 0);

  private Part before = last;

  /** How much is needed of a part, and how much ever was. Its bounds spare a division. */
  private static final class Part {
    final long from;
    final long until;
    long needed;
    long ever;

    /** What was needed when it was looked at last. */
    long seen;

    Part(long from, long until) {
      this.from = from;
      this.until = until;
    }

    boolean has(long position) {
      return position >= from && position < until;
    }
  }

  /** How large the parts are; to be told before anything is counted. */
  void parts(int bytes) {
    segmentBytes = bytes;
  }

  /** One more needs what is at that position. */
  void retain(long position) {
    Part part = at(position);
    part.needed++;
    part.ever++;
  }

  /** One less does. */
  void release(long position) {
    Part part = at(position);
    part.needed = Math.max(0, part.needed - 1);
  }

  /** What was retained lately is of one part, what is released mostly of another. */
  private Part at(long position) {
    if (last.has(position)) {
      return last;
    }
    Part found = before.has(position) ? before : parts.computeIfAbsent(part(position), this::fresh);
    before = last;
    last = found;
    return found;
  }

  private Part fresh(long part) {
    return new Part(part * segmentBytes, (part + 1) * segmentBytes);
  }

  /** That part is used for something else from now on. */
  void forget(long gone) {
    parts.remove(gone);
    last = new Part(-1, 0);
    before = last;
  }

  /** Writes for a checkpoint what cannot be counted again. */
  void write(RecordWriter to) {
    to.number(parts.size());
    parts.forEach((number, part) -> to.number(number).number(part.ever));
  }

  /** Reads what {@link #write} wrote, when everything has been counted again. */
  void read(RecordReader from) {
    for (int left = from.small(); left > 0; left--) {
      Part part = parts.computeIfAbsent(from.number(), this::fresh);
      part.ever = Math.max(part.needed, from.number());
    }
  }

  /** Whether little of what ever was needed of that part still is, but something. */
  boolean isMostlyDead(long number) {
    Part part = parts.get(number);
    return part != null && part.needed > 0 && part.needed * MOSTLY < part.ever;
  }

  /**
   * Whether what is needed of that part stays so: nearly all of it was when this was asked last.
   */
  boolean isStuck(long number) {
    Part part = parts.get(number);
    if (part == null) {
      return false;
    }
    long before = part.seen;
    part.seen = part.needed;
    return before > 0 && part.needed > before - Math.max(1, before / NEARLY);
  }

  /** The part that a position is in. */
  long part(long position) {
    return position / segmentBytes;
  }

  /** Whether anything in that part is needed. */
  boolean any(long number) {
    Part part = parts.get(number);
    return part != null && part.needed > 0;
  }
}
