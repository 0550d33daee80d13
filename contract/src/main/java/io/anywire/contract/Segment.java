package io.anywire.contract;

/** One segment of a path template. */
sealed interface Segment {
  /** Text, decoded. */
  record Literal(String text) implements Segment {}

  /** {@code *}: one segment that is not empty. */
  record One() implements Segment {}

  /** {@code **}: all segments that are left, none included. */
  record Rest() implements Segment {}
}
