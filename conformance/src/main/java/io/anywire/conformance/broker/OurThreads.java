package io.anywire.conformance.broker;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The threads of this process whose names begin with {@code anywire-}, virtual ones included. */
final class OurThreads {
  /** All but those that the clients and servers of a process share while there is one. */
  private static final Pattern THREAD =
      Pattern.compile("#\\d+ \"anywire-(?!timer|client-|http-)[^\"]*\"");

  private OurThreads() {}

  /** Number and name of each. */
  static Set<String> now() {
    try {
      Path folder = Files.createTempDirectory("threads");
      Path file = folder.resolve("dump");
      try {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
            .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (Stream<String> lines = Files.lines(file)) {
          return lines
              .map(THREAD::matcher)
              .filter(Matcher::lookingAt)
              .map(Matcher::group)
              .collect(Collectors.toSet());
        }
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a thread dump", e);
    }
  }
}
