package io.anywire.broker;

import java.util.Locale;

/**
 * Something that not every broker can do. What a contract needs and a broker lacks is refused by
 * this name in lower case, at start-up where it can be known then.
 */
public enum Capability {
  /** What was acknowledged survives a restart of the broker. */
  DURABLE,
  /** Messages of one ordering key are delivered one at a time, in order of publication. */
  ORDERED,
  /** A message that is given up may hold its key; what comes behind waits. */
  HOLDING,
  /** A publication may rest before it is delivered. */
  DELAYED,
  /** Of what waits, messages of higher priority are delivered first. */
  PRIORITISED,
  /** A new subscription may begin with events that were published before it was made. */
  REPLAY,
  /** It can say which subscriptions a topic has. */
  LISTED,
  /** What a subscription has can be handed over to and from another broker as it is. */
  MOVABLE,

  /** It has inboxes, so calls can be answered. */
  REPLIES,
  /** It keeps results. */
  RESULTS,
  /** A lease lasts as long as its holder lives; else {@link Capabilities#longestProcessing}. */
  RENEWABLE;

  /** The name as messages show it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
