package io.anywire.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Ports that are this JVM's alone among those that take theirs here.
 *
 * @param lock on a file in the temporary folder; the JVM holds it until it ends, however it ends
 */
record PortRange(int first, FileLock lock) {
  /** How many ports are in a range. */
  static final int SIZE = 1_000;

  private static final int LOWEST = 12_000;
  private static final int RANGES = 20;

  /**
   * Takes the first range that nobody has.
   *
   * @throws IllegalStateException if there is none
   */
  static PortRange take() {
    return IntStream.range(0, RANGES)
        .mapToObj(PortRange::tryTake)
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "free ports: all %d ranges are taken by other JVMs".formatted(RANGES)));
  }

  /** Some port of the range. */
  int any() {
    return first + ThreadLocalRandom.current().nextInt(SIZE);
  }

  private static @Nullable PortRange tryTake(int number) {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "anywire-ports-" + number + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        return null;
      }
      return new PortRange(LOWEST + number * SIZE, lock);
    } catch (IOException e) {
      return null; // Another user's.
    }
  }
}
