package io.anywire.broker.embedded;

import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.RecordWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where past events are, for subscriptions that are made later: those of all topics in one row, of
 * which the oldest go when there are too many bytes or when they are too old. Time is what the
 * journal says, so that reading it again comes to the same. Not thread-safe.
 */
final class History {
  private static final int POSITION = 0;
  private static final int TIME = 1;
  private static final int BYTES = 2;
  private static final int TOPIC = 3;
  private static final long NANOS = 1_000_000_000;

  private final Needed needed;
  private final CompactQueue events = new CompactQueue(4);
  private final long[] oldest = new long[4];
  private long bytes;
  private long mostBytes;
  private long mostMillis;

  History(Needed needed) {
    this.needed = needed;
  }

  /** How much is kept from now on; {@code mostMillis} is 0 where age does not matter. */
  void bound(long bytes, long millis) {
    mostBytes = bytes;
    mostMillis = millis;
    trim(Long.MIN_VALUE);
  }

  /** Whether that is how much is kept. */
  boolean isBoundBy(long bytes, long millis) {
    return mostBytes == bytes && mostMillis == millis;
  }

  /** Whether anything is kept. */
  boolean remembers() {
    return mostBytes > 0;
  }

  /** An event was published; {@code nanos} is its time. */
  void add(int topic, long position, long nanos, int size) {
    if (size <= mostBytes) {
      events.add(position, nanos, size, topic);
      bytes += size;
      needed.retain(position);
    }
    trim(nanos);
  }

  private void trim(long now) {
    while (events.peek(oldest) && (bytes > mostBytes || isOld(now))) {
      events.poll(oldest);
      bytes -= oldest[BYTES];
      needed.release(oldest[POSITION]);
    }
  }

  private boolean isOld(long now) {
    return mostMillis > 0 && now != Long.MIN_VALUE && oldest[TIME] < now - mostMillis * 1_000_000;
  }

  /** Where the oldest is; after everything when there is none. */
  long oldestPosition() {
    return events.peek(oldest) ? oldest[POSITION] : Long.MAX_VALUE;
  }

  /** How much is kept at most, in bytes, and for how long, in ms; 0 where age does not matter. */
  long mostBytes() {
    return mostBytes;
  }

  long mostMillis() {
    return mostMillis;
  }

  /** How many events are kept. */
  long size() {
    return events.size();
  }

  /** How many bytes they have. */
  long bytes() {
    return bytes;
  }

  /** When the oldest was published; empty when there is none. */
  Optional<Instant> oldest() {
    return events.peek(oldest)
        ? Optional.of(Instant.ofEpochSecond(0, oldest[TIME]))
        : Optional.empty();
  }

  /** Takes events. */
  interface Each {
    void event(int topic, long position);
  }

  void forEach(Each each) {
    events.forEach(row -> each.event((int) row[TOPIC], row[POSITION]));
  }

  /** Where the events of a topic are, from there on. */
  List<Long> of(int topic, Start start) {
    long from =
        switch (start) {
          case Start.Now now -> Long.MAX_VALUE;
          case Start.Beginning beginning -> Long.MIN_VALUE;
          case Start.At at -> nanos(at.time());
        };
    List<Long> found = new ArrayList<>();
    events.forEach(row -> {
      if (row[TOPIC] == topic && row[TIME] >= from && from != Long.MAX_VALUE) {
        found.add(row[POSITION]);
      }
    });
    return found;
  }

  /** Nanoseconds since 1970, or as near as they can be told. */
  static long nanos(Instant time) {
    long most = Long.MAX_VALUE / NANOS - 1;
    return Math.clamp(time.getEpochSecond(), -most, most) * NANOS + time.getNano();
  }

  void write(RecordWriter to) {
    events.write(to.number(mostBytes).number(mostMillis));
  }

  void read(RecordReader from) {
    mostBytes = from.number();
    mostMillis = from.number();
    events.read(
        from,
        row -> {
          bytes += row[BYTES];
          needed.retain(row[POSITION]);
        });
  }
}
