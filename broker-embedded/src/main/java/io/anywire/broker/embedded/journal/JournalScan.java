package io.anywire.broker.embedded.journal;

/** Takes everything that a journal's segments hold, oldest first, and what is wrong there. */
public interface JournalScan extends Replay {

  /** A batch that is whole; its records come next. {@code length} is with its header. */
  void batch(long position, long length);

  /** Something that no crash can explain; what comes behind it is still looked at. */
  void damage(CorruptStoreException what);
}
