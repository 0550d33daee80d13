package io.anywire.conformance.crash;

/** What one subscription has seen of one item. Guarded by itself. */
final class Fate {
  /** The publisher was told that it was taken. */
  boolean acknowledged;

  /** When it may be delivered at first or again, by {@link System#nanoTime}. */
  long notBefore = System.nanoTime();

  int deliveries;

  /** Somebody has it, and has not said what became of it. */
  boolean inHand;

  /** Retries that the broker may have heard of. */
  int retriesSaid;

  int retriesConfirmed;

  /** When it is due if the retry that was said last is confirmed. */
  long nextDue;

  /** A retry was confirmed, and the delivery that it asked for has not come yet. */
  boolean awaited;

  /** The broker may have heard that it was handled. */
  boolean done;

  /** The broker may have heard that it was given up. */
  boolean rejected;

  /** The broker has confirmed one of the two. */
  boolean ended;

  /** It was seen among the dead letters. */
  boolean dead;

  /** It was deleted from them, and that was confirmed. */
  boolean purged;

  /** The broker may have been asked to let it live again. */
  boolean revived;
}
