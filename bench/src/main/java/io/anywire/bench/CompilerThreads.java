package io.anywire.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The processor time of a JVM's JIT compilers, which is no part of what a request costs. Linux
 * tells it (proc(5), {@code /proc/PID/task/TID/stat}); elsewhere it counts as zero. The JVM has to
 * run with {@code -XX:-UseDynamicNumberOfCompilerThreads}: the time of a thread that has ended is
 * no longer told.
 */
final class CompilerThreads {
  /** The name in brackets, eleven fields of no interest here, then user and system ticks. */
  private static final Pattern STAT =
      Pattern.compile("^\\d+ \\(C[12] Compiler.*\\) (?:\\S+ ){11}(\\d+) (\\d+) ");

  /** 1/100 s on every architecture that has a JVM (USER_HZ). */
  private static final Duration TICK = Duration.ofMillis(10);

  private CompilerThreads() {}

  static Duration cpu(long pid) {
    Path threads = Path.of("/proc", Long.toString(pid), "task");
    if (!Files.isDirectory(threads)) {
      return Duration.ZERO;
    }
    try (Stream<Path> each = Files.list(threads)) {
      return each.map(thread -> cpu(stat(thread))).reduce(Duration.ZERO, Duration::plus);
    } catch (IOException | UncheckedIOException e) {
      throw new BenchException("cannot read the threads of process " + pid + ": " + e);
    }
  }

  /** Reads the line of one thread; zero if that compiles nothing. */
  static Duration cpu(String stat) {
    Matcher matcher = STAT.matcher(stat);
    return matcher.find()
        ? TICK.multipliedBy(Long.parseLong(matcher.group(1)) + Long.parseLong(matcher.group(2)))
        : Duration.ZERO;
  }

  /** Empty for a thread that has just ended. */
  private static String stat(Path thread) {
    try {
      return Files.readString(thread.resolve("stat"));
    } catch (IOException e) {
      return "";
    }
  }
}
