package io.anywire.bench.chronicle;

import io.anywire.bench.messaging.Progress;
import io.anywire.bench.messaging.Waiting;
import java.util.List;
import net.openhft.chronicle.queue.ExcerptTailer;

/** A log whose one writer appends all that waits and forces it to the disk at once. */
final class SyncedLog implements Log {
  private record Appending(Entry entry, Runnable safe) {}

  private final Waiting<Appending> waiting = new Waiting<>();
  private final MappedLog log;
  private final Progress progress;

  SyncedLog(MappedLog log, Progress progress) {
    this.log = log;
    this.progress = progress;
    Thread.ofPlatform().name("writer").daemon().start(this::write);
  }

  @Override
  public void append(Entry entry, Runnable safe) {
    waiting.add(new Appending(entry, safe));
  }

  @Override
  public ExcerptTailer tailer() {
    return log.tailer();
  }

  private void write() {
    try {
      while (true) {
        List<Appending> all = waiting.takeAll();
        all.forEach(one -> log.write(one.entry()));
        log.sync();
        all.forEach(one -> one.safe().run());
      }
    } catch (InterruptedException | RuntimeException e) {
      progress.failed(e);
    }
  }
}
