package io.anywire.broker;

import com.google.rpc.Status;
import java.time.Instant;
import java.util.Optional;

/**
 * A message as one subscription has it, with all that another broker has to know to go on with it.
 * Immutable.
 *
 * @param message as it was published
 * @param attempts how many outcomes that count it has had, of a dead letter the last one included
 * @param due when it will have rested, for one that does
 * @param death why it was given up, for a dead letter
 */
public record Stored(Message message, int attempts, Optional<Instant> due, Optional<Death> death) {

  /** Why a message was given up, and when. */
  public record Death(Status status, Instant time) {}

  /** One that waits. */
  public static Stored of(Waiting waiting) {
    return new Stored(waiting.message(), waiting.attempts(), waiting.due(), Optional.empty());
  }

  /** One that was given up. */
  public static Stored of(DeadLetter letter) {
    return new Stored(
        letter.message(),
        letter.attempts(),
        Optional.empty(),
        Optional.of(new Death(letter.status(), letter.time())));
  }
}
