package io.anywire.broker.embedded.journal;

import java.nio.ByteBuffer;

/** What becomes of a journal that is opened: a checkpoint, if there is one, and the records since. */
public interface Recovered extends Replay {

  /** Everything that the records before the first were about, as it was given to the journal. */
  void checkpoint(ByteBuffer state);
}
