package io.anywire.broker.embedded.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Flips bits and cuts files off, thousands of times: each is reported, by a refusal or as a torn
 * tail, or leaves every record as it was.
 */
class DamageTest {
  private static final int CASES = 3_000;

  private int refused;
  private int cut;
  private int harmless;

  @Test
  void reports_every_damage_of_a_store_that_was_killed() throws IOException {
    for (int i = 0; i < CASES; i++) {
      damaged(i, false, folder -> {});
    }
    assertThat(List.of(refused, cut, harmless)).allMatch(count -> count > CASES / 100);
  }

  @Test
  void refuses_every_damage_that_matters_after_an_orderly_close() throws IOException {
    for (int i = 0; i < CASES; i++) {
      damaged(i, true, folder -> {});
    }
    assertThat(cut).isZero();
    assertThat(List.of(refused, harmless)).allMatch(count -> count > CASES / 100);
  }

  @Test
  void shows_that_it_would_notice_marks_that_are_left_out() {
    int noticed = 0;
    for (int i = 0; i < 500; i++) {
      try {
        damaged(i, false, DamageTest::dropMarks);
      } catch (AssertionError | IOException e) {
        noticed++;
      }
    }
    assertThat(noticed).isPositive();
  }

  private void damaged(int seed, boolean orderly, Consumer<ModelledFolder> before)
      throws IOException {
    Random random = new Random(seed);
    ModelledFolder folder = new ModelledFolder(random);
    Ledger whole = filled(folder, random, orderly);
    ModelledFolder left = folder.afterKill();
    long safe = lastBatch(left);
    before.accept(left);
    String what = damage(left, random);
    int refusedBefore = refused;
    boolean complained = complains(left);
    Ledger found = new Ledger();
    try {
      Journal journal = Journal.open(left, settings(), Runnable::run, found);
      check(found, whole, journal.hasCut(), safe, "seed " + seed + ": " + what);
      readAll(journal, found, what);
    } catch (CorruptStoreException e) {
      refused++;
    }
    if (refused > refusedBefore) {
      assertThat(complained).as("a look at the store complains: " + what).isTrue();
    }
  }

  /** Whether a look at the whole store, which changes nothing, finds damage. */
  private static boolean complains(ModelledFolder folder) throws IOException {
    Map<String, byte[]> before = bytes(folder);
    List<CorruptStoreException> damages = new ArrayList<>();
    try (JournalInspection journal = new JournalInspection(folder)) {
      var unused = journal.recover(new Ledger());
      journal.scan(generation -> true, collecting(damages));
    } catch (CorruptStoreException e) {
      damages.add(e);
    }
    assertThat(bytes(folder)).containsExactlyInAnyOrderEntriesOf(before);
    return !damages.isEmpty();
  }

  private static JournalScan collecting(List<CorruptStoreException> damages) {
    return new JournalScan() {
      @Override
      public void batch(long position, long length) {}

      @Override
      public void record(long position, int kind, ByteBuffer fields) {}

      @Override
      public void damage(CorruptStoreException what) {
        damages.add(what);
      }
    };
  }

  private static Map<String, byte[]> bytes(ModelledFolder folder) {
    Map<String, byte[]> all = new HashMap<>();
    folder.names().forEach(name -> all.put(name, folder.bytes(name).clone()));
    return all;
  }

  private void check(Ledger found, Ledger whole, boolean hasCut, long safe, String what) {
    int count = found.sums.size();
    assertThat(found.sums).as(what).isEqualTo(whole.sums.subList(0, count));
    if (count == whole.sums.size()) {
      harmless++;
    } else {
      cut++;
      assertThat(hasCut).as(what).isTrue();
      assertThat(whole.positions.get(count)).as(what).isGreaterThanOrEqualTo(safe);
    }
  }

  /** What was checkpointed is read only when it is needed; damage is found then. */
  private void readAll(Journal journal, Ledger found, String what) {
    for (int i = 0; i < found.sums.size(); i++) {
      try {
        List<Integer> sums =
            journal.read(
                List.of(found.positions.get(i)),
                record -> Ledger.sum(record.position(record.position() + 1)));
        assertThat(sums).as(what).containsExactly(found.sums.get(i));
      } catch (IOException e) {
        refused++;
      }
    }
  }

  private static Ledger filled(Folder folder, Random random, boolean orderly) throws IOException {
    Ledger ledger = new Ledger();
    Journal journal = Journal.open(folder, settings(), Runnable::run, ledger);
    for (int i = 0; i < 8; i++) {
      for (int j = 1 + random.nextInt(3); j > 0; j--) {
        journal.append(new Kept(ledger, random));
      }
      while (journal.hasWork()) {
        assertThat(journal.write()).isTrue();
      }
      if (i == 3 && random.nextBoolean()) {
        journal.checkpoint(journal.end(), ledger.state());
      }
    }
    if (orderly) {
      journal.close();
    }
    return ledger;
  }

  /** The position of the last batch, before which everything is marked as safe. */
  private static long lastBatch(ModelledFolder folder) {
    long last = 0;
    for (String name : folder.names()) {
      ByteBuffer bytes = ByteBuffer.wrap(folder.bytes(name));
      for (int at = SegmentHeader.PAGE; at < bytes.limit() - BatchHeader.BYTES; at += 8) {
        if (bytes.getInt(at) == BatchHeader.MAGIC) {
          last = Math.max(last, bytes.getLong(at + 8));
        }
      }
    }
    return last;
  }

  private static String damage(ModelledFolder folder, Random random) {
    List<String> names = folder.names().stream().sorted().toList();
    String name = names.get(random.nextInt(names.size()));
    byte[] bytes = folder.bytes(name);
    // Most of a segment is empty, and damage there says little.
    int used = bytes.length;
    while (used > 1 && bytes[used - 1] == 0) {
      used--;
    }
    int at = random.nextInt(random.nextInt(5) == 0 ? bytes.length : used);
    if (random.nextInt(4) == 0) {
      folder.replace(name, Arrays.copyOf(bytes, at));
      return name + " ends at " + at;
    }
    int bit = random.nextInt(8);
    bytes[at] ^= (byte) (1 << bit);
    folder.replace(name, bytes);
    return "%s has bit %d of byte %d flipped".formatted(name, bit, at);
  }

  /** Writes every header again with nothing marked as safe. */
  private static void dropMarks(ModelledFolder folder) {
    Checksum checksums = new Checksum();
    for (String name : folder.names()) {
      byte[] all = folder.bytes(name);
      ByteBuffer bytes = ByteBuffer.wrap(all);
      if (!name.startsWith("segment-")
          || SegmentHeader.isBlank(bytes.slice(0, SegmentHeader.PAGE))) {
        continue;
      }
      SegmentHeader header = SegmentHeader.read(bytes);
      for (int at = SegmentHeader.PAGE; at < all.length - BatchHeader.BYTES; at += 8) {
        long position = header.generation() * Workload.SEGMENT + at;
        BatchHeader batch =
            BatchHeader.read(bytes, at, position, header.store(), header.generation(), checksums);
        if (batch != null) {
          new BatchHeader(batch.length(), position, 0, batch.checksum())
              .write(bytes, at, header.store(), header.generation(), checksums);
        }
      }
      folder.replace(name, all);
    }
  }

  private static JournalSettings settings() {
    return new JournalSettings(Durability.FSYNC, Workload.SEGMENT, 100);
  }
}
