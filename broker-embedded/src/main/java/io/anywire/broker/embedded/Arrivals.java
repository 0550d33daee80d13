package io.anywire.broker.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Messages that were committed, on their way into the backlogs. The writer only notes them: those
 * who deliver them take them in, a batch after the other, so that each backlog has its own in
 * order. {@link #take} is for any thread, everything else is for the writer's.
 */
final class Arrivals implements Deliverers.Turn {
  /** What one batch brought, in two rows. */
  private record Batch(List<Backlog> to, List<Entry> entries) {
    Batch() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void takeIn() {
      int from = 0;
      for (int i = 1; i <= entries.size(); i++) {
        if (i == entries.size() || to.get(i) != to.get(from)) {
          to.get(from).addAll(entries.subList(from, i));
          from = i;
        }
      }
    }
  }

  private final Deliverers deliverers;
  private final Queue<Batch> batches = new ConcurrentLinkedQueue<>();
  private final ReentrantLock takingIn = new ReentrantLock();
  private Batch open = new Batch();

  Arrivals(Deliverers deliverers) {
    this.deliverers = deliverers;
  }

  /** A message is to be delivered when the batch that is being committed is. */
  void add(Backlog to, Entry entry) {
    open.to.add(to);
    open.entries.add(entry);
  }

  /** The batch is committed. */
  void batchOver() {
    if (handOver()) {
      deliverers.add(this);
    }
  }

  /** Has everything in the backlogs that came before; before they are looked at or changed. */
  void takeInAll() {
    boolean unused = handOver();
    takingIn.lock();
    try {
      takeInWaiting();
    } finally {
      takingIn.unlock();
    }
  }

  private boolean handOver() {
    if (open.entries.isEmpty()) {
      return false;
    }
    batches.add(open);
    open = new Batch();
    return true;
  }

  /** Leaves it to whoever is at it, if somebody is. */
  @Override
  public boolean take() {
    while (!batches.isEmpty() && takingIn.tryLock()) {
      try {
        takeInWaiting();
      } finally {
        takingIn.unlock();
      }
    }
    return false;
  }

  private void takeInWaiting() {
    for (Batch next = batches.poll(); next != null; next = batches.poll()) {
      next.takeIn();
    }
  }
}
