package io.anywire.conformance.crash;

/** What must not be. */
enum Wrong {
  /** Acknowledged, and a subscription never got it, or not again after it asked for that. */
  LOST("lost"),
  /** Delivered although the broker had confirmed that it was handled or given up. */
  REDELIVERED("redelivered after ack"),
  /** Delivered after a later one of its key, or while an earlier one was in hand. */
  OUT_OF_ORDER("out of order"),
  /** Delivered before its delay, or that of its retry, had passed. */
  EARLY("too early"),
  /** With fewer attempts than were confirmed, or more than were made. */
  ATTEMPTS("wrong attempts"),
  /** Given up and no dead letter, a dead letter that was not given up, or one that was purged. */
  DEAD_LETTERS("wrong dead letters"),
  /** An older result than the last that was kept, or one that nobody put there. */
  RESULTS("wrong results"),
  /** A choice that does not stand any more, or stands now and did not. */
  CHOICES("wrong choices"),
  /** Another content than was published, or what nobody published. */
  DAMAGED("damaged"),
  /** A failure that a killed broker does not explain. */
  UNEXPECTED("unexpected failures");

  private final String words;

  Wrong(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
