package io.anywire.messaging.task;

import io.anywire.broker.Outcome;
import io.anywire.messaging.envelope.Note;

/** What is known of a task. */
public enum TaskState {
  /**
   * Nothing yet: it rests, waits or runs for the first time. Also where the id was never given, or
   * the result is no longer kept.
   */
  PENDING,
  /** An attempt failed; another follows, or runs. */
  RETRYING,
  /** It is done, and its response is kept. */
  SUCCEEDED,
  /** It was given up and lies in the dead letters; its status is kept. */
  FAILED,
  /** It was cancelled before it started. */
  CANCELLED;

  /** Whether nothing more happens. */
  public boolean finished() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }

  static TaskState of(Note note) {
    return valueOf(note.state());
  }

  static TaskState after(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> SUCCEEDED;
      case Outcome.RetryAfter retry -> RETRYING;
      case Outcome.Reject reject -> FAILED;
    };
  }
}
