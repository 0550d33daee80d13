package io.anywire.conformance.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the handlers of one process did, one line each, written before the handler goes on: the
 * operating system has a line by then, so killing the process loses none. Thread-safe.
 */
final class Journal implements AutoCloseable {
  private static final String SUFFIX = ".journal";
  private final FileOutputStream out;

  private Journal(FileOutputStream out) {
    this.out = out;
  }

  /** Begins the journal of this process in {@code folder}. */
  static Journal in(Path folder) throws IOException {
    Path file = folder.resolve(ProcessHandle.current().pid() + SUFFIX);
    return new Journal(new FileOutputStream(file.toFile(), true));
  }

  /** Writes a line, at once. */
  void write(Handling.Step step, long id, String key) {
    try {
      out.write(new Handling(step, id, key, System.nanoTime()).line().getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** What all journals in {@code folder} hold, those of processes that still run included. */
  static List<Handling> readAll(Path folder) {
    List<Handling> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(SUFFIX)).toList()) {
        Files.readString(file).lines().flatMap(l -> Handling.parse(l).stream()).forEach(all::add);
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
