package io.anywire.broker;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a broker can do, and how much. Immutable.
 *
 * @param all everything that it can do
 * @param maxMessageBytes the largest payload, in bytes; larger ones fail at publish
 * @param longestProcessing how long a delivery may stay unsettled before it is delivered again;
 *     empty: as long as it takes
 * @param longestDelay the longest rest, of a publication or before a retry; zero without {@link
 *     Capability#DELAYED}
 */
public record Capabilities(
    Set<Capability> all,
    int maxMessageBytes,
    Optional<Duration> longestProcessing,
    Duration longestDelay) {

  public Capabilities {
    all = Set.copyOf(all);
  }

  /** Whether the broker can do that. */
  public boolean has(Capability capability) {
    return all.contains(capability);
  }

  /** Whether calls can be answered: {@link Capability#REPLIES}. */
  public boolean replies() {
    return has(Capability.REPLIES);
  }
}
