package io.anywire.broker;

import java.util.List;

/**
 * Takes out of one subscription all that it has, whether it is due or not, and its dead letters, to
 * hand it over to another broker. What is in flight is not part of it; whoever consumes from the
 * subscription meanwhile gets what he gets. Blocking; not thread-safe.
 */
public interface Drain extends AutoCloseable {

  /**
   * What is still there and can be taken now, without removing it: first what waits, in an order
   * that keeps that of every ordering key, then the dead letters, the oldest first. Called again it
   * returns the same, but for what was removed or has come since.
   *
   * @param max how many at most; at least 1
   * @return fewer than {@code max} also while there are more, which come when these are removed;
   *     none when there are no more
   */
  List<Stored> first(int max);

  /** All of it that rests, without removing it. */
  List<Stored> resting();

  /** Removes some of what {@link #first} returned last; they are gone for good when it returns. */
  void remove(List<Stored> gone);

  /** Leaves what was not removed where it was. Idempotent. */
  @Override
  void close();
}
