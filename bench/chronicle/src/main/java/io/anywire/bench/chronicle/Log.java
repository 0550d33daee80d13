package io.anywire.bench.chronicle;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;

/** Something that is appended to. Thread-safe. */
interface Log {
  /** What is to be written as one entry. */
  interface Entry {
    void write(Bytes<?> bytes);
  }

  /** Appends, and calls {@code safe} when the entry is as safe as the log makes it. */
  void append(Entry entry, Runnable safe);

  /** Reads from the beginning; for one thread. */
  ExcerptTailer tailer();
}
