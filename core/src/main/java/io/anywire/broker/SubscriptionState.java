package io.anywire.broker;

import java.util.OptionalLong;

/**
 * How many messages a subscription has, by where they are. Immutable; empty where the engine cannot
 * tell.
 *
 * @param ready would be delivered now if somebody took them
 * @param setAside wait for an earlier message of their ordering key
 * @param resting are not due yet: delayed, or before a retry
 * @param inFlight delivered and not settled
 * @param dead its dead letters
 * @param consumers how many processes, or parts of them, are connected to it
 */
public record SubscriptionState(
    OptionalLong ready,
    OptionalLong setAside,
    OptionalLong resting,
    OptionalLong inFlight,
    OptionalLong dead,
    OptionalLong consumers) {

  /** All that waits to be delivered, as far as the engine can tell. */
  public long waiting() {
    return ready.orElse(0) + setAside.orElse(0) + resting.orElse(0);
  }
}
