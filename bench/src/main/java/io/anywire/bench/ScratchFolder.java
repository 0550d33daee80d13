package io.anywire.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for what subjects keep on disk; it goes when it is closed or this process ends. For one
 * thread.
 */
final class ScratchFolder implements AutoCloseable {
  private final Path path;
  private final Thread removal = new Thread(this::remove, "scratch-folder-removal");
  private int made;

  /**
   * Makes one.
   *
   * @param room bytes that have to be free there
   * @throws BenchException if there are fewer
   */
  ScratchFolder(Path parent, long room) {
    try {
      long free = Files.getFileStore(parent).getUsableSpace();
      if (free < room) {
        throw new BenchException(
            "%s: %d MiB free (expected: %d)".formatted(parent, free >> 20, room >> 20));
      }
      path = Files.createTempDirectory(parent, "anywire-bench-");
    } catch (IOException e) {
      throw new BenchException("no folder in " + parent + ": " + e);
    }
    Runtime.getRuntime().addShutdownHook(removal);
  }

  /** An empty folder in it. */
  Path next() {
    try {
      return Files.createDirectory(path.resolve("" + made++));
    } catch (IOException e) {
      throw new BenchException("no folder in " + path + ": " + e);
    }
  }

  /** Removes it with all that is in it, which nobody uses any more. */
  @Override
  public void close() {
    remove();
    Runtime.getRuntime().removeShutdownHook(removal);
  }

  private void remove() {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> innermostFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : innermostFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new BenchException("cannot remove " + path + ": " + e);
    }
  }
}
