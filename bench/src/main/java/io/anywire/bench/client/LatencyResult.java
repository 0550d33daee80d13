package io.anywire.bench.client;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long what a subject did took.
 *
 * @param done that was measured
 * @param failed what went wrong
 * @param p50 the median, in microseconds; 0 where nothing was done
 * @param p99 what 99 of 100 did not exceed
 * @param failure the first one in its own words; empty without failures
 */
public record LatencyResult(long done, long failed, double p50, double p99, String failure) {
  private static final Pattern LINE =
      Pattern.compile("done (\\d+) failed (\\d+) p50 ([0-9.]+) p99 ([0-9.]+) ?(.*)");

  /** As one line, which {@link #parse} reads. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "done %d failed %d p50 %.3f p99 %.3f %s",
        done,
        failed,
        p50,
        p99,
        failure.replaceAll("\\s+", " "));
  }

  /**
   * Reads what {@link #line} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static LatencyResult parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("latency: '" + line + "' (expected: " + LINE + ")");
    }
    return new LatencyResult(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Double.parseDouble(matcher.group(3)),
        Double.parseDouble(matcher.group(4)),
        matcher.group(5));
  }
}
