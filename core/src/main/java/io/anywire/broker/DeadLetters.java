package io.anywire.broker;

import java.util.List;
import java.util.function.Predicate;

/** The dead letters of one subscription. Blocking; thread-safe. */
public interface DeadLetters {

  /**
   * The oldest dead letters, without removing them.
   *
   * @param max how many at most; at least 1
   */
  List<DeadLetter> list(int max);

  /**
   * Puts those that {@code which} accepts back into the subscription, with no attempts counted;
   * each is published again before it leaves the dead letters.
   *
   * @return how many
   */
  int replay(Predicate<DeadLetter> which);

  /**
   * Deletes those that {@code which} accepts.
   *
   * @return how many
   */
  int purge(Predicate<DeadLetter> which);
}
