package io.anywire.bench.chronicle;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/** A Chronicle Queue: an entry is in the page cache when it is appended. For one thread a side. */
final class MappedLog implements Log {
  private final ChronicleQueue queue;
  private final ExcerptAppender appender;

  /**
   * @param sync whether {@link #sync} forces, which it does not by itself
   */
  MappedLog(Path folder, boolean sync) {
    SingleChronicleQueueBuilder builder =
        ChronicleQueue.singleBuilder(folder)
            .rollCycle(new FiveSecondly())
            .storeFileListener(new OldFiles());
    queue = (sync ? builder.syncMode(SyncMode.SYNC) : builder).build();
    appender = queue.createAppender();
    appender.singleThreadedCheckDisabled(true);
  }

  @Override
  public synchronized void append(Entry entry, Runnable safe) {
    write(entry);
    safe.run();
  }

  @Override
  public ExcerptTailer tailer() {
    return queue.createTailer();
  }

  void write(Entry entry) {
    try (DocumentContext document = appender.writingDocument()) {
      entry.write(requireNonNull(document.wire()).bytes());
    }
  }

  /** Forces all that was written to the disk. */
  void sync() {
    appender.sync();
  }
}
