package io.anywire.broker;

import java.util.concurrent.CompletionStage;

/**
 * A message in somebody's hands. Its lease lasts until it is settled, or the subscription or
 * process goes, or {@link Capabilities#longestProcessing} has passed; then it is delivered again. A
 * {@link Outcome.Done} that comes too late may still settle it; any other outcome then changes
 * nothing. Thread-safe.
 */
public interface Delivery {

  /** The message. */
  Message message();

  /**
   * How many outcomes that count this message has had before: 0 at the first attempt. Where order
   * is kept, a broker may forget those since the process before this one died.
   */
  int attempts();

  /**
   * How many deliveries ended without any outcome, for example because the process died; 0 where
   * the broker cannot tell.
   */
  int crashes();

  /**
   * Says what became of it. Completes when the broker has taken note: only then is a {@link
   * Outcome.Done} message gone for good, a {@link Outcome.RetryAfter} one safely set aside and a
   * {@link Outcome.Reject}ed one among the dead letters. The first outcome counts, later ones
   * change nothing.
   */
  CompletionStage<Void> settle(Outcome outcome);
}
