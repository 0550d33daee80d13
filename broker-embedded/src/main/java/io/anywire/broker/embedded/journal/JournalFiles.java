package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** What stands beside the segments of a journal, read. */
record JournalFiles(Folder folder) {
  /** The store's id and the size of its segments. */
  static final String STORE = "store";

  /** Everything that the journal said before one position. */
  static final String CHECKPOINT = "checkpoint";

  /** Where a journal that was closed in good order ends. */
  static final String CLEAN = "clean";

  /**
   * The id and the size; empty where there is no store.
   *
   * @throws CorruptStoreException also when there are segments without it
   */
  Optional<SealedFile.Content> identity() throws IOException {
    var known = SealedFile.read(folder, STORE, 0);
    if (known.isEmpty() && folder.names().stream().anyMatch(n -> n.startsWith("segment-"))) {
      throw new CorruptStoreException(folder, STORE, 0, "it is not there");
    }
    return known;
  }

  /** Gives the checkpoint to {@code replay}; returns where it ends, {@code origin} without one. */
  long restore(long store, long origin, Recovered replay) throws IOException {
    var checkpoint = SealedFile.read(folder, CHECKPOINT, store);
    if (checkpoint.isEmpty()) {
      return origin;
    }
    ByteBuffer bytes = checkpoint.get().bytes();
    long from = bytes.getLong();
    try {
      replay.checkpoint(bytes);
    } catch (RuntimeException e) {
      throw new CorruptStoreException(folder, CHECKPOINT, 0, "it makes no sense: " + e);
    }
    return from;
  }

  /** Where it ended when it was closed in good order; empty where it was not. */
  OptionalLong clean(long store) throws IOException {
    var clean = SealedFile.read(folder, CLEAN, store);
    return clean.isPresent()
        ? OptionalLong.of(clean.get().bytes().getLong())
        : OptionalLong.empty();
  }
}
