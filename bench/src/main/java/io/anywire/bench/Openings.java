package io.anywire.bench;

import io.anywire.bench.messaging.StoreOpening;
import io.anywire.testing.LocalProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How long a store takes to open, in a process of {@value #HEAP}, and how much heap. */
final class Openings {
  private static final String HEAP = "-Xmx256m";
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Pattern LINE = Pattern.compile("opened (\\d+) most (\\d+) left (\\d+)");

  private Openings() {}

  /**
   * One opening.
   *
   * @param seconds that it took
   * @param mostHeap MiB at most, with garbage
   * @param leftHeap MiB after a collection
   */
  record Opening(double seconds, double mostHeap, double leftHeap) {}

  /** Opens it so often, and kills the process each time. */
  static List<Opening> killed(Path store, int runs) {
    return measure(store, runs, StoreOpening.WAIT);
  }

  /** Closes it in good order, then opens it so often. */
  static List<Opening> closed(Path store, int runs) {
    measure(store, 1, StoreOpening.CLOSE);
    return measure(store, runs, StoreOpening.CLOSE);
  }

  private static List<Opening> measure(Path store, int runs, String then) {
    List<Opening> openings = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      try (LocalProcess process = LocalProcess.start("opening", command(store, then))) {
        openings.add(opening(process.awaitLine(LINE, TIMEOUT)));
        if (then.equals(StoreOpening.CLOSE)) {
          process.awaitExit(TIMEOUT);
        }
      } catch (AssertionError e) {
        throw new BenchException(String.valueOf(e.getMessage()));
      }
    }
    return openings;
  }

  private static Opening opening(MatchResult line) {
    return new Opening(
        Long.parseLong(line.group(1)) / 1e3,
        Long.parseLong(line.group(2)) / 0x1p20,
        Long.parseLong(line.group(3)) / 0x1p20);
  }

  private static ProcessBuilder command(Path store, String then) {
    return new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        HEAP,
        "-XX:+UseParallelGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        StoreOpening.class.getName(),
        then,
        GrowthLoad.url(store));
  }
}
