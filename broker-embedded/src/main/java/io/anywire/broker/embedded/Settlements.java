package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.Append;
import io.anywire.broker.embedded.journal.RecordWriter;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.MpscUnboundedArrayQueue;

/**
 * Messages of one subscription that were handled, on their way into the journal: whatever waits
 * when the writer comes to it becomes one record of ranges. Thread-safe.
 */
final class Settlements {
  private record Settled(Entry entry, CompletableFuture<Void> known)
      implements Completions.Telling {
    @Override
    public void tell() {
      known.complete(null);
    }
  }

  private final DiskFeed feed;
  private final MpscUnboundedArrayQueue<Settled> waiting = new MpscUnboundedArrayQueue<>(64);
  private final AtomicBoolean announced = new AtomicBoolean();

  Settlements(DiskFeed feed) {
    this.feed = feed;
  }

  CompletionStage<Void> add(Entry entry) {
    Settled settled = new Settled(entry, new CompletableFuture<>());
    waiting.offer(settled);
    if (!announced.get() && announced.compareAndSet(false, true)) {
      feed.store().append(new Batch());
    }
    return settled.known();
  }

  /** What waited when the writer came. */
  private final class Batch implements Append {
    private final List<Settled> taken = new ArrayList<>();

    @Override
    public byte[] records() {
      announced.set(false);
      take();
      taken.sort(Comparator.comparingLong(settled -> settled.entry().sequence()));
      return taken.isEmpty() ? NOTHING : record();
    }

    /** What is offered meanwhile is announced again. */
    private void take() {
      for (Settled next = waiting.poll(); next != null; next = waiting.poll()) {
        taken.add(next);
      }
    }

    private byte[] record() {
      RecordWriter record = new RecordWriter(Records.DONE, 16 + 4 * taken.size());
      record.number(feed.number());
      long from = taken.getFirst().entry().sequence();
      long last = from;
      long before = 0;
      for (Settled settled : taken) {
        long sequence = settled.entry().sequence();
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
        done.add(settled.entry());
        feed.store().completions().add(settled);
      }
      feed.done(done);
    }

    @Override
    public void failed(StatusRuntimeException why) {
      take();
      feed.store()
          .completions()
          .failed(() -> taken.forEach(settled -> settled.known().completeExceptionally(why)));
    }
  }
}
