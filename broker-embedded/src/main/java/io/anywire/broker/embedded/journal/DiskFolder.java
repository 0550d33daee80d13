package io.anywire.broker.embedded.journal;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder of the file system. */
public final class DiskFolder implements Folder {
  private static final boolean FOLDERS_CAN_BE_SYNCED = File.separatorChar == '/';

  private final Path path;
  private final Set<StandardOpenOption> options;

  /** That folder, which has to exist. */
  public DiskFolder(Path path) {
    this(
        path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  private DiskFolder(Path path, Set<StandardOpenOption> options) {
    this.path = path;
    this.options = options;
  }

  /** The same for whoever only looks at it: its files can be read, and have to be there. */
  public static DiskFolder readOnly(Path path) {
    return new DiskFolder(path, Set.of(StandardOpenOption.READ));
  }

  @Override
  public String path() {
    return path.toString();
  }

  @Override
  public Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Override
  public StoreFile open(String name) throws IOException {
    return new DiskFile(FileChannel.open(path.resolve(name), options));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(path.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    if (FOLDERS_CAN_BE_SYNCED) {
      try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
        folder.force(true);
      }
    }
  }

  private record DiskFile(FileChannel channel) implements StoreFile {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void read(long offset, ByteBuffer to) throws IOException {
      long from = offset;
      while (to.hasRemaining()) {
        int count = channel.read(to, from);
        if (count < 0) {
          return;
        }
        from += count;
      }
    }

    @Override
    public void write(long offset, ByteBuffer from) throws IOException {
      long to = offset;
      while (from.hasRemaining()) {
        to += channel.write(from, to);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
