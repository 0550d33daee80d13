package io.anywire.broker.embedded.journal;

/**
 * How a journal is kept. Immutable.
 *
 * @param durability when a batch is committed
 * @param segmentBytes the size of a segment of a store that is made; one that is there keeps its
 *     own. A multiple of 4096
 * @param mostSegments how many segments there may be; at least 5, of which {@link Append#leaves}
 *     says who may use the last
 */
public record JournalSettings(Durability durability, int segmentBytes, int mostSegments) {
  /** The smallest segment. */
  public static final int LEAST_SEGMENT = 2 * SegmentHeader.PAGE;

  public JournalSettings {
    if (segmentBytes < LEAST_SEGMENT || segmentBytes % SegmentHeader.PAGE != 0) {
      throw new IllegalArgumentException(
          "segmentBytes: %d (expected: a multiple of %d, at least %d)"
              .formatted(segmentBytes, SegmentHeader.PAGE, LEAST_SEGMENT));
    }
    if (mostSegments < 5) {
      throw new IllegalArgumentException("mostSegments: " + mostSegments + " (expected: >= 5)");
    }
  }
}
