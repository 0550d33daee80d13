package io.anywire.broker.embedded.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Appends, checkpoints, recycles, closes and opens again at random, and knows what was
 * acknowledged. Everything runs in one thread, so that one seed is one history.
 */
final class Workload {
  static final int SEGMENT = 4 * 4096;

  private final Random random;
  private final JournalSettings settings;

  /** What was appended, in order; the first {@link #acknowledged} of them were acknowledged. */
  private final List<Integer> appended = new ArrayList<>();

  private int acknowledged;

  /** How many of them are certainly safe when the power goes. */
  private int safe;

  private Ledger ledger = new Ledger();

  Workload(Random random, Durability durability) {
    this.random = random;
    this.settings = new JournalSettings(durability, SEGMENT, 100);
  }

  /** Opens, checks what is there, and works on until the power goes or {@code steps} are done. */
  void run(Folder folder, int steps) throws IOException {
    Journal journal = open(folder);
    for (int i = 0; i < steps; i++) {
      step(journal);
      if (random.nextInt(40) == 0) {
        journal.close();
        safe = appended.size();
        journal = open(folder);
      }
    }
    // It is not closed: its process is killed, or the power has gone.
  }

  private Journal open(Folder folder) throws IOException {
    Ledger found = new Ledger();
    Journal journal = Journal.open(folder, settings, Runnable::run, found);
    check(found.sums);
    ledger = found;
    appended.clear();
    appended.addAll(found.sums);
    acknowledged = appended.size();
    safe = appended.size();
    return journal;
  }

  /** What is there: all that is certain, and then as much as is left of the rest, in order. */
  private void check(List<Integer> found) {
    boolean certain = settings.durability() == Durability.FSYNC;
    assertThat(found).hasSizeBetween(certain ? acknowledged : safe, appended.size());
    assertThat(found).isEqualTo(appended.subList(0, found.size()));
  }

  private void step(Journal journal) throws IOException {
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      journal.append(record());
    }
    while (journal.hasWork()) {
      if (journal.write()) {
        continue;
      }
      if (journal.isStalled()) {
        journal.press();
      } else {
        // The power may go while a segment is made, which is a want of room and no more.
        StatusRuntimeException over = journal.over();
        throw new IOException("the journal failed", over != null ? over : ledger.refusal);
      }
    }
    if (random.nextInt(12) == 0) {
      int covered = ledger.sums.size();
      journal.checkpoint(journal.end(), ledger.state());
      safe = covered;
      journal.recycle(journal.end(), generation -> random.nextInt(4) == 0);
    }
  }

  private Append record() {
    Kept record = new Kept(ledger, random, () -> acknowledged++);
    appended.add(record.sum());
    return record;
  }

  /** Opens once more, to check. */
  void check(Folder folder) throws IOException {
    Journal unused = open(folder);
  }
}
