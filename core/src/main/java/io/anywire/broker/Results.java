package io.anywire.broker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Last values by id, kept for a while. Thread-safe. */
public interface Results {

  /**
   * Keeps {@code value} under {@code id}, in place of what was there.
   *
   * @param keep for how long at least
   */
  CompletionStage<Void> put(String id, Message value, Duration keep);

  /**
   * Keeps {@code value} under {@code id} unless something is kept there already. Of several that do
   * so at the same time one succeeds.
   *
   * @return whether it was kept
   */
  CompletionStage<Boolean> putIfAbsent(String id, Message value, Duration keep);

  /** What is kept under {@code id}, or empty when there is nothing, or nothing any more. */
  CompletionStage<Optional<Message>> get(String id);
}
