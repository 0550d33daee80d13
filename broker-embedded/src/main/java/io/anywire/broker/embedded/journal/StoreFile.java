package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file of a store. What is written may be undone by a power cut, page by page, until {@link
 * #force} has returned. Thread-safe as far as places differ. Never to be used by a thread that
 * others may interrupt.
 */
public interface StoreFile extends AutoCloseable {

  /** Its size in bytes. */
  long size() throws IOException;

  /** Fills {@code to} from {@code offset} on, or as far as the file goes. */
  void read(long offset, ByteBuffer to) throws IOException;

  /** Writes all of {@code from}. */
  void write(long offset, ByteBuffer from) throws IOException;

  /** Returns when all that was written is on stable storage. */
  void force() throws IOException;

  @Override
  void close() throws IOException;
}
