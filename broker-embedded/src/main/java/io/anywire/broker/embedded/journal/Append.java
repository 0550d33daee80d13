package io.anywire.broker.embedded.journal;

import io.grpc.StatusRuntimeException;

/** Something to be put into the journal. Its methods are called by the writer, once, in order. */
public interface Append {

  /** What has nothing to write, and only waits for its turn. */
  byte[] NOTHING = {};

  /** What is refused first when room is short: it leaves so many segments to others. */
  int LEAVES_MOST = 3;

  /** What is refused next, and leaves what those need that take no room for long. */
  int LEAVES_SOME = 2;

  /** How many segments it leaves, or else it is refused; 0 for what is never refused. */
  default int leaves() {
    return 0;
  }

  /** Records as {@link RecordWriter} makes them; asked for when they have their place. */
  byte[] records();

  /**
   * Reads what {@link #committed} will need. Of several the processor fetches it all at once then,
   * where it is in no cache; else it would wait for that of each, one after the other.
   *
   * @return something made of what was read, of no meaning: what nobody used would not be read
   */
  default long lookAhead() {
    return 0;
  }

  /**
   * It is as safe as the journal's durability says, and everything before it.
   *
   * @param position where its first record is
   */
  void committed(long position);

  /** Whether it is in the journal is unknown, or it certainly is not; the status says which. */
  void failed(StatusRuntimeException why);
}
