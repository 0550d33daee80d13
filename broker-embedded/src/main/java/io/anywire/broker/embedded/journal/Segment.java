package io.anywire.broker.embedded.journal;

/** A file of the journal. {@code header} says which part of the journal it holds. */
record Segment(String name, StoreFile file, SegmentHeader header) {
  long generation() {
    return header.generation();
  }
}
