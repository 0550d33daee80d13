package io.anywire.broker.embedded;

import io.anywire.broker.embedded.StoreReport.Damage;
import io.anywire.broker.embedded.journal.CorruptStoreException;
import io.anywire.broker.embedded.journal.DiskFolder;
import io.anywire.broker.embedded.journal.Folder;
import io.anywire.broker.embedded.journal.JournalEnd;
import io.anywire.broker.embedded.journal.JournalInspection;
import io.anywire.broker.embedded.journal.JournalScan;
import io.anywire.broker.embedded.journal.RecordReader;
import io.anywire.broker.embedded.journal.StoreLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a store of {@code disk:} that nobody has open, and changes nothing: does what opening it
 * does, and then reads every record that is needed and strikes off what the state points to.
 * Memory: 8 bytes for each message that waits, besides what the state itself takes.
 */
public final class StoreInspection implements JournalScan {
  /** Who has more damages than that needs no longer list. */
  private static final int MOST_DAMAGES = 1000;

  private final Path path;
  private final DiskState state = new DiskState(null);
  private final List<Damage> damages = new ArrayList<>();
  private final Map<String, StoreStatistics.Amount> records = new TreeMap<>();

  /** What is pointed to and not there, by position: what points there. */
  private final Map<Long, String> lost = new TreeMap<>();

  private Optional<References> references = Optional.empty();
  private long batches;

  private StoreInspection(Path path) {
    this.path = path;
  }

  /**
   * Looks at the store in a folder. Not for threads that others interrupt.
   *
   * @throws IllegalArgumentException when there is no store
   * @throws IOException when it cannot be read, or somebody has it open; the message says who
   */
  public static StoreReport of(Path path) throws IOException {
    if (!isStore(path)) {
      throw new IllegalArgumentException(
          path + ": no store (expected: the folder of a broker disk:PATH)");
    }
    try (@Nullable StoreLock lock = StoreLock.share(path)) {
      return of(path, DiskFolder.readOnly(path));
    }
  }

  /** The same for a folder that is nobody else's. */
  static StoreReport of(Path path, Folder folder) throws IOException {
    return new StoreInspection(path).report(folder);
  }

  private static boolean isStore(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    Folder folder = DiskFolder.readOnly(path);
    return folder.names().stream()
        .anyMatch(name -> name.equals("store") || name.matches("segment-[0-9]+"));
  }

  private StoreReport report(Folder folder) throws IOException {
    Optional<JournalEnd> end = Optional.empty();
    StoreFacts facts = new StoreFacts(path, state);
    try (JournalInspection journal = new JournalInspection(folder)) {
      try {
        end = journal.recover(state);
        references = Optional.of(new References(state));
        journal.scan(state.needed()::any, this);
        references.get().end(this::missing);
      } catch (CorruptStoreException e) {
        damage(e);
      }
      lost.forEach((position, by) -> damages.add(lost(journal, position, by)));
      return new StoreReport(path, end, damages, facts.of(journal, end, batches, records));
    } catch (CorruptStoreException e) {
      damage(e);
      return new StoreReport(path, end, damages, StoreFacts.none());
    }
  }

  private static Damage lost(JournalInspection journal, long position, String by) {
    long part = position / journal.segmentBytes();
    String file =
        journal.parts().stream()
            .filter(one -> one.generation() == part)
            .map(JournalInspection.Part::file)
            .findFirst()
            .orElse("segment");
    String what = "nothing at position %d, which is needed by %s".formatted(position, by);
    return new Damage(file, position % journal.segmentBytes(), what);
  }

  @Override
  public void batch(long position, long length) {
    batches++;
  }

  @Override
  public void record(long position, int kind, ByteBuffer fields) {
    String name = Records.name(kind);
    records.merge(
        name,
        new StoreStatistics.Amount(1, fields.limit()),
        (before, one) -> before.with(one.bytes()));
    if (references.isPresent()) {
      boolean owned = kind == Records.MESSAGE || kind == Records.DEAD || kind == Records.HELD;
      int owner = owned ? new RecordReader(fields).small() : 0;
      found(references.get(), position, kind, owner);
    }
  }

  /** What another broker had is a message, and may be a dead letter too. */
  private void found(References wanted, long position, int kind, int owner) {
    DiskFeed holder = kind == Records.HELD ? state.feed(owner) : null;
    if (holder != null) {
      wanted.found(position, Records.MESSAGE, holder.topic().number(), this::missing);
      wanted.found(position, Records.DEAD, owner, this::missing);
    } else {
      wanted.found(position, kind, owner, this::missing);
    }
  }

  private void missing(long position, String by) {
    if (lost.size() < MOST_DAMAGES) {
      lost.put(position, by);
    }
  }

  @Override
  public void damage(CorruptStoreException what) {
    if (damages.size() < MOST_DAMAGES) {
      damages.add(new Damage(what.file(), what.offset(), what.what()));
    }
  }
}
