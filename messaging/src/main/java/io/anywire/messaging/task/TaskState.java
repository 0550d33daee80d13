package io.anywire.messaging.task;

/** What is known of a task. */
public enum TaskState {
  /**
   * Nothing yet: it waits or runs for the first time. Also where the id was never given, or the
   * result is no longer kept.
   */
  PENDING,
  /** An attempt failed; another follows, or runs. */
  RETRYING,
  /** It is done, and its response is kept. */
  SUCCEEDED,
  /** It was given up and lies in the dead letters; its status is kept. */
  FAILED;

  /** Whether nothing more happens. */
  public boolean finished() {
    return this == SUCCEEDED || this == FAILED;
  }
}
