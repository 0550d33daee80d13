package io.anywire.broker.embedded.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other processes out of a store for as long as this one lives, by a lock of the operating
 * system. Thread-safe.
 */
public final class StoreLock implements AutoCloseable {
  private final FileChannel channel;

  private StoreLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of the store in {@code folder}.
   *
   * @throws IOException when somebody has it; the message says who
   */
  public static StoreLock take(Path folder) throws IOException {
    Path path = folder.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (locked(channel) == null) {
        throw new IOException("%s is locked by %s".formatted(path, Files.readString(path).strip()));
      }
      String holder = "process " + ProcessHandle.current().pid() + "\n";
      channel.truncate(0).write(ByteBuffer.wrap(holder.getBytes(UTF_8)), 0);
      return new StoreLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
