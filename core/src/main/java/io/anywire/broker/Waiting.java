package io.anywire.broker;

import java.time.Instant;
import java.util.Optional;

/**
 * A message that waits to be delivered. Immutable.
 *
 * @param message as it was published
 * @param place where it waits
 * @param attempts how many outcomes that count it has had
 * @param due when it will have rested, for one that does
 */
public record Waiting(Message message, Place place, int attempts, Optional<Instant> due) {

  /** Where a message waits. */
  public enum Place {
    /** It would be delivered now if somebody took it. */
    READY,
    /** Behind an earlier message of its ordering key. */
    SET_ASIDE,
    /** Until it is due: delayed, or before a retry. */
    RESTING
  }
}
