package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.Append;
import io.anywire.broker.embedded.journal.RecordWriter;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one subscription that were handled, on their way into the journal: whatever waits
 * when the writer comes to it becomes one record of ranges. Thread-safe.
 */
final class Settlements {
  /** One that waits, linked to the one before it; completed when it is in the journal. */
  private static final class Settled extends CompletableFuture<Void>
      implements Completions.Telling {
    private final Entry entry;
    private @Nullable Settled before;

    Settled(Entry entry) {
      this.entry = entry;
    }

    long sequence() {
      return entry.sequence();
    }

    @Override
    public void tell() {
      complete(null);
    }
  }

  private final DiskFeed feed;
  private final AtomicReference<@Nullable Settled> last = new AtomicReference<>();

  Settlements(DiskFeed feed) {
    this.feed = feed;
  }

  /** Whoever finds nothing waiting tells the writer; who comes after him goes with him. */
  CompletionStage<Void> add(Entry entry) {
    Settled settled = new Settled(entry);
    Settled before = last.get();
    settled.before = before;
    while (!last.compareAndSet(before, settled)) {
      before = last.get();
      settled.before = before;
    }
    if (before == null) {
      feed.store().append(new Batch());
    }
    return settled;
  }

  /** What waited when the writer came. */
  private final class Batch implements Append {
    private final List<Settled> taken = new ArrayList<>();

    @Override
    public byte[] records() {
      take();
      taken.sort(Comparator.comparingLong(Settled::sequence));
      return taken.isEmpty() ? NOTHING : record();
    }

    /** In their order, nearly always, since that is the fastest to sort. */
    private void take() {
      int from = taken.size();
      for (Settled next = last.getAndSet(null); next != null; next = next.before) {
        taken.add(next);
      }
      Collections.reverse(taken.subList(from, taken.size()));
    }

    private byte[] record() {
      RecordWriter record = new RecordWriter(Records.DONE, 16 + 4 * taken.size());
      record.number(feed.number());
      long from = taken.getFirst().sequence();
      long last = from;
      long before = 0;
      for (Settled settled : taken) {
        long sequence = settled.sequence();
        if (sequence > last + 1) {
          record.number(from - before).number(last - from);
          before = last;
          from = sequence;
        }
        last = sequence;
      }
      return record.number(from - before).number(last - from).done();
    }

    @Override
    public void committed(long position) {
      List<Entry> done = new ArrayList<>(taken.size());
      for (Settled settled : taken) {
        done.add(settled.entry);
        feed.store().completions().add(settled);
      }
      feed.done(done);
    }

    @Override
    public void failed(StatusRuntimeException why) {
      take();
      feed.store()
          .completions()
          .failed(() -> taken.forEach(settled -> settled.completeExceptionally(why)));
    }
  }
}
