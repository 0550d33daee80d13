package io.anywire.bench.chronicle;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.impl.StoreFileListener;

/**
 * Removes what is behind everybody: a Chronicle Queue keeps all that was ever appended. Whenever a
 * file is begun, all but the newest {@value #KEPT} go.
 */
final class OldFiles implements StoreFileListener {
  private static final int KEPT = 2;

  @Override
  public void onAcquired(int cycle, File file) {
    try (Stream<Path> all = Files.list(file.toPath().toAbsolutePath().getParent())) {
      List<Path> oldestFirst =
          all.filter(each -> each.toString().endsWith(".cq4")).sorted().toList();
      for (Path each : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - KEPT))) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onReleased(int cycle, File file) {}
}
