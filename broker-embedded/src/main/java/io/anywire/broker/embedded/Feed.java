package io.anywire.broker.embedded;

import io.anywire.broker.Outcome;
import java.util.concurrent.CompletionStage;

/** A backlog, and what keeps an account of it. Thread-safe. */
interface Feed {

  Backlog backlog();

  /** Takes note of what became of a message in flight; completes when it has. */
  CompletionStage<Void> settle(Entry entry, Outcome outcome);

  /** Somebody who has room found no message; to be told after he has looked. */
  default void drained() {}

  /** Puts a message in flight back to where it was in the order. */
  void giveBack(Entry entry);

  /** The same for one whose holder has gone without a word. */
  void crashed(Entry entry);
}
