package io.anywire.broker.embedded.journal;

/** Calls {@link Journal#write} for as long as there is something to write. Thread-safe. */
public interface JournalWriter extends AutoCloseable {

  /** Hands over, as {@link Journal#append}. */
  void append(Append append);

  /** Writes what waits, and ends. Idempotent. */
  @Override
  void close();
}
