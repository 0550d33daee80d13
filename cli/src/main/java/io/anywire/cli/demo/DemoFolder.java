package io.anywire.cli.demo;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The temporary folder of one demo: data and logs. */
record DemoFolder(Path path) {

  static DemoFolder create() {
    try {
      DemoFolder folder = new DemoFolder(Files.createTempDirectory("anywire-demo-"));
      Files.createDirectories(folder.data());
      Files.createDirectories(folder.logs());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder", e);
    }
  }

  Path data() {
    return path.resolve("data");
  }

  Path logs() {
    return path.resolve("logs");
  }

  /** Deletes everything. */
  void delete() {
    delete(path);
  }

  /** Deletes everything but the logs. */
  void deleteData() {
    delete(data());
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be deleted", e);
    }
  }
}
