package io.anywire.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * How messages are passed through brokers.
 *
 * @param payload bytes of each
 * @param inFlight how many at most are under way
 * @param folder what is on disk is made in
 */
record Setting(int payload, int inFlight, Path folder) {
  /** Each payload with each number in flight. */
  static List<Setting> each(List<Integer> payloads, List<Integer> inFlight, Path folder) {
    return payloads.stream()
        .flatMap(payload -> inFlight.stream().map(most -> new Setting(payload, most, folder)))
        .toList();
  }

  /** As the report tells it from others. */
  @Override
  public String toString() {
    return payload + "B x" + inFlight;
  }
}
