package io.anywire.bench.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client process did in one run.
 *
 * @param calls that ended, of any outcome
 * @param failed of these
 * @param seconds the run took
 * @param failure the first one in its own words; empty without failures
 */
public record CallResult(long calls, long failed, double seconds, String failure) {
  private static final Pattern LINE =
      Pattern.compile("calls (\\d+) failed (\\d+) seconds ([0-9.]+) ?(.*)");

  /** As one line, which {@link #parse} reads. */
  public String line() {
    String oneLine = failure.replaceAll("\\s+", " ");
    return "calls " + calls + " failed " + failed + " seconds " + seconds + " " + oneLine;
  }

  /**
   * Reads what {@link #line} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static CallResult parse(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("result: '" + line + "' (expected: " + LINE + ")");
    }
    return new CallResult(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Double.parseDouble(matcher.group(3)),
        matcher.group(4));
  }
}
