package io.anywire.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The folder in which one server keeps its files, deleted with everything in it on close. */
public record TempFolder(Path path) implements AutoCloseable {
  public static TempFolder create(String name) {
    try {
      return new TempFolder(Files.createTempDirectory("anywire-" + name + "-"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a temporary folder for " + name, e);
    }
  }

  Path folder(String name) throws IOException {
    return Files.createDirectories(path.resolve(name));
  }

  Path file(String name, String content) throws IOException {
    return Files.writeString(path.resolve(name), content);
  }

  /** Deletes what can be deleted; a process that is just dying may still hold on to the rest. */
  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      path.toFile().deleteOnExit();
    }
  }
}
