package io.anywire.broker.embedded.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other processes out of a store for as long as this one lives, by a lock of the operating
 * system. Whoever has it open has the lock alone; those who only look at it share it. Thread-safe.
 */
public final class StoreLock implements AutoCloseable {
  /** Those of this process: to close any other channel to such a file would give up its lock. */
  private static final Set<Path> ours = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private StoreLock(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Takes the lock of the store in {@code folder}.
   *
   * @throws IOException when somebody has it; the message says who
   */
  public static StoreLock take(Path folder) throws IOException {
    StoreLock lock =
        locked(
            folder,
            false,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      String holder = "process " + ProcessHandle.current().pid() + "\n";
      lock.channel.truncate(0).write(ByteBuffer.wrap(holder.getBytes(UTF_8)), 0);
      return lock;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Keeps others from opening the store in {@code folder}, to look at it; changes nothing. A store
   * that was never opened where it is, a copy for example, has no lock, and needs none.
   *
   * @throws IOException when somebody has it open; the message says who
   */
  public static @Nullable StoreLock share(Path folder) throws IOException {
    return Files.exists(folder.resolve("lock"))
        ? locked(folder, true, StandardOpenOption.READ)
        : null;
  }

  private static StoreLock locked(Path folder, boolean shared, OpenOption... options)
      throws IOException {
    Path path = folder.toRealPath().resolve("lock");
    if (!ours.add(path)) {
      long pid = ProcessHandle.current().pid();
      throw new IOException("%s is locked by process %d, which is this one".formatted(path, pid));
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, Set.of(options));
      if (tried(channel, shared) == null) {
        throw new IOException("%s is locked by %s".formatted(path, holder(path, channel)));
      }
      return new StoreLock(path, channel);
    } catch (IOException | RuntimeException e) {
      if (channel != null) {
        channel.close();
      }
      ours.remove(path);
      throw e;
    }
  }

  /** Who shares the lock does not write down who that is. */
  private static String holder(Path path, FileChannel channel) throws IOException {
    return tried(channel, true) == null
        ? Files.readString(path).strip()
        : "somebody who looks at the store";
  }

  private static @Nullable FileLock tried(FileChannel channel, boolean shared) throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      ours.remove(path);
    }
  }
}
