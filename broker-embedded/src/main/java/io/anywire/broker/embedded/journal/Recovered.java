package io.anywire.broker.embedded.journal;

import java.nio.ByteBuffer;

/**
 * What becomes of a journal that is opened: a checkpoint, if there is one, and the records since.
 */
public interface Recovered extends Replay {

  /** How many positions there are in each part of the journal that is recycled as a whole. */
  void parts(int bytes);

  /** Everything that the records before the first were about, as it was given to the journal. */
  void checkpoint(ByteBuffer state);
}
