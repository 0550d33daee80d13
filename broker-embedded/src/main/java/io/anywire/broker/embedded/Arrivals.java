package io.anywire.broker.embedded;

import java.util.ArrayList;
import java.util.Arrays;
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
  /** How many backlogs look ahead together. */
  private static final int AHEAD = 32;

  /** What one batch brought: entries, of which those up to {@code ends} are of that backlog. */
  private final class Batch {
    private final List<Backlog> backlogs = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private int[] ends = new int[16];

    void add(Backlog to, Entry entry) {
      entries.add(entry);
      if (backlogs.isEmpty() || backlogs.getLast() != to) {
        backlogs.add(to);
        if (backlogs.size() > ends.length) {
          ends = Arrays.copyOf(ends, 2 * ends.length);
        }
      }
      ends[backlogs.size() - 1] = entries.size();
    }

    void takeIn() {
      int taken = 0;
      for (int first = 0; first < backlogs.size(); first += AHEAD) {
        int end = Math.min(backlogs.size(), first + AHEAD);
        for (int i = first; i < end; i++) {
          ahead += backlogs.get(i).lookAhead();
        }
        for (int i = first; i < end; i++) {
          backlogs.get(i).addAll(entries.subList(taken, ends[i]));
          taken = ends[i];
        }
      }
    }
  }

  private final Deliverers deliverers;
  private final Queue<Batch> batches = new ConcurrentLinkedQueue<>();
  private final ReentrantLock takingIn = new ReentrantLock();
  private Batch open = new Batch();

  /** Where {@link Backlog#lookAhead} ends. */
  long ahead;

  Arrivals(Deliverers deliverers) {
    this.deliverers = deliverers;
  }

  /** A message is to be delivered when the batch that is being committed is. */
  void add(Backlog to, Entry entry) {
    open.add(to, entry);
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
