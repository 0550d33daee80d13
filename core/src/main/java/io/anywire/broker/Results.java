package io.anywire.broker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Last values, and first choices, by id, kept for a while. Thread-safe. */
public interface Results {

  /**
   * Keeps {@code value} under {@code id}, in place of what was there.
   *
   * @param keep for how long at least
   */
  CompletionStage<Void> put(String id, Message value, Duration keep);

  /**
   * Settles a question once: of all choices that are made under {@code id}, by whomever, the first
   * stands. Apart from what {@link #put} keeps under that id.
   *
   * @param choice 0 to 99
   * @param keep for how long at least that is remembered
   * @return whether {@code choice} is what stands
   */
  CompletionStage<Boolean> choose(String id, int choice, Duration keep);

  /** What is kept under {@code id}, or empty when there is nothing, or nothing any more. */
  CompletionStage<Optional<Message>> get(String id);
}
