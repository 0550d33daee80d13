package io.anywire.broker.embedded.journal;

import java.nio.ByteBuffer;

/** Takes the records of a journal that is opened, in order. */
@FunctionalInterface
public interface Replay {

  /** One record: where it is, its kind and its fields. */
  void record(long position, int kind, ByteBuffer fields);
}
