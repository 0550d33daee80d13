package io.anywire.broker.embedded;

import java.util.LongSummaryStatistics;
import java.util.Map;

/**
 * Records that were copied.
 *
 * @param places where each was, and where it is now
 * @param first the lowest place that one was at
 * @param last the highest
 */
record Moves(Map<Long, Long> places, long first, long last) {

  static Moves of(Map<Long, Long> places) {
    LongSummaryStatistics before =
        places.keySet().stream().mapToLong(Long::longValue).summaryStatistics();
    return new Moves(places, before.getMin(), before.getMax());
  }

  /** Where what was at that place is now. */
  long after(long place) {
    return place < first || place > last ? place : places.getOrDefault(place, place);
  }
}
