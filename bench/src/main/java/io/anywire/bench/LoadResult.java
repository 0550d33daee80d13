package io.anywire.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a load tool saw.
 *
 * @param requests answered, of any outcome
 * @param failed of these, and those never answered
 * @param perSecond requests answered per second
 * @param bodyBytes of all answers; 0 where the tool does not tell them from headers
 */
record LoadResult(long requests, long failed, double perSecond, long bodyBytes) {
  LoadResult requireAllGood() {
    if (requests == 0 || failed > 0) {
      throw new BenchException(
          "%d of %d requests failed (expected: 0 of many)".formatted(failed, requests));
    }
    return this;
  }

  /**
   * Adds up the numbers that {@code pattern}'s groups match in a tool's output; 0 without match.
   */
  static long sum(String output, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(output);
    long sum = 0;
    if (matcher.find()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        sum += Long.parseLong(matcher.group(group));
      }
    }
    return sum;
  }

  /** The number that {@code pattern}'s group matches. */
  static double number(String output, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(output);
    if (!matcher.find()) {
      throw new BenchException("no '%s' in the tool's output:\n%s".formatted(pattern, output));
    }
    return Double.parseDouble(matcher.group(1));
  }
}
