package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * A journal that is looked at, and not opened: nothing of it is changed. Read by the {@link
 * JournalReader} and judged by the {@link Recovery} that opening it uses. Not thread-safe.
 */
public final class JournalInspection implements AutoCloseable {
  private final JournalFiles files;
  private final long store;
  private final Segments segments;
  private Optional<Ending> ending = Optional.empty();
  private long checkpoint;

  /** A segment that holds a part of the journal. */
  public record Part(String file, long generation) {}

  /**
   * Looks at the files of a store.
   *
   * @throws CorruptStoreException when the segments are not what they should be
   */
  public JournalInspection(Folder folder) throws IOException {
    this.files = new JournalFiles(folder);
    SealedFile.Content identity =
        files
            .identity()
            .orElseThrow(
                () -> new CorruptStoreException(folder, JournalFiles.STORE, 0, "it is not there"));
    this.store = identity.store();
    int size = identity.bytes().getInt();
    this.segments = new Segments(folder, store, size, Integer.MAX_VALUE, Runnable::run);
    try {
      segments.open();
    } catch (IOException | RuntimeException e) {
      segments.close();
      throw e;
    }
  }

  /** The store's id. */
  public long store() {
    return store;
  }

  /** The size of a segment, in bytes. */
  public int segmentBytes() {
    return segments.size();
  }

  /** The segments that hold a part of the journal, or did and were not used again; oldest first. */
  public List<Part> parts() {
    return segments.inUse().stream().map(s -> new Part(s.name(), s.generation())).toList();
  }

  /** How many segments wait that were never used. */
  public int blank() {
    return segments.blank();
  }

  /** Where the checkpoint ends that {@link #recover} has read; the journal's beginning without. */
  public long checkpoint() {
    return checkpoint;
  }

  /**
   * Does what opening does: gives the checkpoint and the records since to {@code state}, and finds
   * the end; empty when nothing was ever written.
   *
   * @throws CorruptStoreException when opening would be refused
   */
  public Optional<JournalEnd> recover(Recovered state) throws IOException {
    state.parts(segments.size());
    checkpoint = files.restore(store, segments.origin(), state);
    if (segments.inUse().isEmpty() && checkpoint == segments.origin()) {
      return Optional.empty();
    }
    OptionalLong clean = files.clean(store);
    Ending found = new Recovery(segments, store, state).read(checkpoint, clean);
    ending = Optional.of(found);
    return Optional.of(
        new JournalEnd(
            found.last().name(),
            found.end() % segments.size(),
            found.end(),
            clean.isPresent(),
            found.tail()));
  }

  /**
   * Whether a part is used again when there is need: the checkpoint covers it. A crash may have
   * left it half overwritten then.
   */
  public boolean isReusable(Part part, LongPredicate needed) {
    return part.generation() < checkpoint / segments.size() && !needed.test(part.generation());
  }

  /**
   * Looks at every batch and every record before the end that {@link #recover} has found, but for
   * those in segments that are reusable.
   */
  public void scan(LongPredicate needed, JournalScan to) throws IOException {
    long end = ending.map(Ending::end).orElse(0L);
    SegmentCheck check = new SegmentCheck(segments, store, to);
    for (Segment segment : segments.inUse()) {
      Part part = new Part(segment.name(), segment.generation());
      if (part.generation() <= end / segments.size() && !isReusable(part, needed)) {
        check.check(segment, end);
      }
    }
  }

  @Override
  public void close() throws IOException {
    segments.close();
  }
}
