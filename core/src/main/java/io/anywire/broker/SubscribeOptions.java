package io.anywire.broker;

import java.time.Instant;

/**
 * How a subscription is delivered, and where it begins. Immutable.
 *
 * @param maxInFlight how many messages at most are delivered and not yet settled; at least 1. What
 *     waits for its key, or rests before a retry, does not count
 * @param ordered whether messages with an ordering key keep their order; needs {@link
 *     Capability#ORDERED}. Where a broker keeps order anyway it does so without being asked
 * @param start where a subscription that does not exist yet begins; means nothing to one that does
 */
public record SubscribeOptions(int maxInFlight, boolean ordered, Start start) {

  /** Where a new subscription begins; all but {@link Now} needs {@link Capability#REPLAY}. */
  public sealed interface Start {
    /** With what is published from now on. */
    record Now() implements Start {}

    /** With the oldest message that the broker still has. */
    record Beginning() implements Start {}

    /** With what was published at that time or later, as far as the broker still has it. */
    record At(Instant time) implements Start {}
  }

  /** With what is published from now on. */
  public static final Start NOW = new Start.Now();

  /** With the oldest message that the broker still has. */
  public static final Start BEGINNING = new Start.Beginning();

  public SubscribeOptions {
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: >= 1)");
    }
  }

  /** From now on, without asking for order. */
  public static SubscribeOptions inFlight(int most) {
    return new SubscribeOptions(most, false, NOW);
  }
}
