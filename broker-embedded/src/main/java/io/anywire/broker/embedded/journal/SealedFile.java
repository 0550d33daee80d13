package io.anywire.broker.embedded.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A small file that is whole whenever it is there: written aside, forced, renamed, and the folder
 * synced. Magic {@code AWSF}, version, the store's id, the length of what it holds, that, and a
 * checksum of all.
 */
final class SealedFile {
  private static final int MAGIC = 0x41575346;
  private static final int VERSION = 1;
  private static final int HEADER = 20;
  private static final int PIECE = 1 << 20;

  private SealedFile() {}

  /** Writes it, of these parts, in place of what had that name. */
  static void write(Folder folder, String name, long store, byte[]... content) throws IOException {
    int length = Arrays.stream(content).mapToInt(part -> part.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + length + 4);
    bytes.putInt(MAGIC).putInt(VERSION).putLong(store).putInt(length);
    Arrays.stream(content).forEach(bytes::put);
    bytes.putInt(Checksum.of(bytes.array(), 0, bytes.position()));
    String aside = name + ".new";
    folder.delete(aside);
    try (StoreFile file = folder.open(aside)) {
      // In pieces: one as large as all would be copied as a whole on its way out of the heap.
      int end = bytes.position();
      for (int at = 0; at < end; at += PIECE) {
        file.write(at, bytes.limit(Math.min(end, at + PIECE)).position(at));
      }
      file.force();
    } catch (IOException e) {
      discard(folder, aside, e);
      throw e;
    }
    folder.rename(aside, name);
    folder.sync();
  }

  /** Where the disk is full, half a file would take the last of it. */
  private static void discard(Folder folder, String aside, IOException why) {
    try {
      folder.delete(aside);
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  /**
   * What it holds; empty when it is not there.
   *
   * @param store the id that it has to have; 0 for any
   */
  static Optional<Content> read(Folder folder, String name, long store) throws IOException {
    if (!folder.names().contains(name)) {
      return Optional.empty();
    }
    ByteBuffer bytes;
    try (StoreFile file = folder.open(name)) {
      bytes = ByteBuffer.allocate((int) Math.min(Integer.MAX_VALUE - 8, file.size()));
      file.read(0, bytes);
    }
    bytes.flip();
    int end = bytes.limit() - 4;
    boolean whole =
        end >= HEADER
            && bytes.getInt(0) == MAGIC
            && bytes.getInt(16) == end - HEADER
            && bytes.getInt(end) == Checksum.of(bytes.array(), 0, end);
    if (!whole) {
      throw new CorruptStoreException(folder, name, 0, "its checksum does not fit");
    }
    if (bytes.getInt(4) != VERSION) {
      throw new CorruptStoreException(
          folder, name, 4, "version " + bytes.getInt(4) + " (expected: " + VERSION + ")");
    }
    if (store != 0 && bytes.getLong(8) != store) {
      throw new CorruptStoreException(folder, name, 8, "it belongs to another store");
    }
    return Optional.of(new Content(bytes.getLong(8), bytes.limit(end).position(HEADER).slice()));
  }

  /** A store's id, and what the file holds. */
  record Content(long store, ByteBuffer bytes) {}
}
