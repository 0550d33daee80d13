package io.anywire.broker.embedded;

import io.anywire.broker.Topic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a store holds, in numbers. Immutable.
 *
 * @param segments its files
 * @param checkpoint what was kept of the state; empty where nothing was yet
 * @param batches how many were read, of all segments that are needed
 * @param records those in them, by kind as {@code docs/store.md} names it
 * @param topics by name
 * @param results how many results are kept, and of these how many have expired
 * @param choices how many choices stand
 */
public record StoreStatistics(
    Segments segments,
    Optional<Checkpoint> checkpoint,
    long batches,
    Map<String, Amount> records,
    List<OfTopic> topics,
    Results results,
    long choices,
    Past past) {

  /**
   * The files of the journal.
   *
   * @param bytes the size of each
   * @param used how many bytes are taken by what is needed, or may be
   * @param free how many can be written before another file is needed or an old one is used again
   * @param reusable how many are in files of which nothing is needed
   * @param generations those in use, oldest first
   * @param pins what keeps the oldest of these, and how many of it
   */
  public record Segments(
      int count,
      int bytes,
      long used,
      long free,
      long reusable,
      List<Generation> generations,
      Map<String, Long> pins) {}

  /** A part of the journal, and the file that holds it. */
  public record Generation(long generation, String file, boolean reusable) {}

  /**
   * A checkpoint.
   *
   * @param bytes the size of its file
   * @param time when it was made
   * @param position in the journal, up to which it says everything
   * @param since how many bytes of the journal are read besides when the store opens
   */
  public record Checkpoint(long bytes, Instant time, long position, long since) {}

  /** How many, and how many bytes. */
  public record Amount(long count, long bytes) {
    Amount with(long more) {
      return new Amount(count + 1, bytes + more);
    }
  }

  /** A topic. */
  public record OfTopic(Topic topic, List<OfSubscription> subscriptions) {}

  /**
   * A subscription.
   *
   * @param ready could be delivered, apart from those that are deferred
   * @param delayed are not due yet
   * @param deferred wait behind those, and are kept as places in the journal only
   */
  public record OfSubscription(String name, long ready, long delayed, long dead, long deferred) {}

  /** Results. */
  public record Results(long count, long expired) {}

  /**
   * Past events, for later subscriptions.
   *
   * @param mostBytes how much is kept at most
   * @param mostMillis and for how long; 0 where age does not matter
   */
  public record Past(
      long count, long bytes, Optional<Instant> oldest, long mostBytes, long mostMillis) {}
}
