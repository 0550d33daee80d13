package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.Append;
import io.anywire.broker.embedded.journal.RecordWriter;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were handled, on their way into the journal: whatever waits when the writer comes
 * to it, of all subscriptions, becomes one record of ranges. {@link #add} is thread-safe, all else
 * is the writer's, or of those who are refused one after the other when there is none any more.
 */
final class Settlements {
  /** How many one record has at most. */
  private static final int MOST = 65_536;

  /** What one may take of it, at most, in bytes. */
  private static final int BYTES = 32;

  /** How many look ahead together. */
  private static final int AHEAD = 64;

  /** One that waits, linked to the one before it; completed when it is in the journal. */
  private static final class Settled extends CompletableFuture<Void>
      implements Completions.Telling {
    private final DiskFeed feed;
    private final Entry entry;
    private @Nullable Settled before;

    Settled(DiskFeed feed, Entry entry) {
      this.feed = feed;
      this.entry = entry;
    }

    @Override
    public void tell() {
      complete(null);
    }
  }

  private final DiskStore store;
  private final AtomicReference<@Nullable Settled> last = new AtomicReference<>();

  /** What did not go into the last record. */
  private List<Settled> rest = new ArrayList<>();

  private long[] sequences = new long[1024];

  /** Where {@link DiskFeed#lookAhead(Entry)} ends. */
  long ahead;

  Settlements(DiskStore store) {
    this.store = store;
  }

  /** Whoever finds nothing waiting tells the writer; who comes after him goes with him. */
  CompletionStage<Void> add(DiskFeed feed, Entry entry) {
    Settled settled = new Settled(feed, entry);
    Settled before = last.get();
    settled.before = before;
    while (!last.compareAndSet(before, settled)) {
      before = last.get();
      settled.before = before;
    }
    if (before == null) {
      store.append(new Batch());
    }
    return settled;
  }

  /** All that waits, in the order in which it came. */
  private List<Settled> take() {
    List<Settled> all = rest;
    rest = new ArrayList<>();
    int from = all.size();
    for (Settled next = last.getAndSet(null); next != null; next = next.before) {
      all.add(next);
    }
    Collections.reverse(all.subList(from, all.size()));
    return all;
  }

  /** Some that one record says are settled. */
  private final class Batch implements Append {
    private List<Settled> taken = List.of();

    /** Takes some of the same subscription that come one after the other. */
    private interface Runs {
      void run(DiskFeed feed, int from, int until);
    }

    @Override
    public byte[] records() {
      taken = take();
      int most = Math.min(MOST, store.mostBytes() / BYTES);
      if (taken.size() > most) {
        rest = new ArrayList<>(taken.subList(most, taken.size()));
        taken = taken.subList(0, most);
        store.append(new Batch());
      }
      if (taken.isEmpty()) {
        return NOTHING;
      }
      RecordWriter record = new RecordWriter(Records.DONE, 16 + 8 * taken.size());
      eachRun(0, taken.size(), (feed, from, until) -> write(record, feed, from, until));
      return record.done();
    }

    private void eachRun(int first, int end, Runs to) {
      int from = first;
      for (int i = first + 1; i <= end; i++) {
        DiskFeed feed = taken.get(from).feed;
        if (i == end || taken.get(i).feed != feed) {
          to.run(feed, from, i);
          from = i;
        }
      }
    }

    private void write(RecordWriter record, DiskFeed feed, int from, int until) {
      int count = until - from;
      if (sequences.length < count) {
        sequences = new long[2 * count];
      }
      for (int i = 0; i < count; i++) {
        sequences[i] = taken.get(from + i).entry.sequence();
      }
      Arrays.sort(sequences, 0, count);
      Records.done(record, feed.number(), sequences, count);
    }

    @Override
    public void committed(long position) {
      List<Entry> entries = new ArrayList<>(taken.size());
      for (Settled settled : taken) {
        entries.add(settled.entry);
        store.completions().add(settled);
      }
      for (int first = 0; first < taken.size(); first += AHEAD) {
        int end = Math.min(taken.size(), first + AHEAD);
        eachRun(first, end, (feed, from, until) -> ahead += feed.lookAhead(entries.get(from)));
        eachRun(first, end, (feed, from, until) -> feed.done(entries.subList(from, until)));
      }
    }

    @Override
    public void failed(StatusRuntimeException why) {
      List<Settled> all = new ArrayList<>(taken);
      all.addAll(take());
      store.completions().failed(() -> all.forEach(settled -> settled.completeExceptionally(why)));
    }
  }
}
