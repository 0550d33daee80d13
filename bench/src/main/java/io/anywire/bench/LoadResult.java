package io.anywire.bench;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a load tool saw.
 *
 * @param requests answered, of any outcome
 * @param failed of these, and those never answered
 * @param perSecond requests answered per second
 * @param bodyBytes of all answers; 0 where the tool does not tell them from headers
 * @param failures the tool's own words for what failed; empty without failures
 */
record LoadResult(long requests, long failed, double perSecond, long bodyBytes, String failures) {
  LoadResult requireAllGood() {
    if (requests == 0 || failed > 0) {
      throw new BenchException(
          "%d of %d requests failed (expected: 0 of many) %s"
              .formatted(failed, requests, failures)
              .strip());
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

  /** The lines of a tool's output in which {@code pattern} is found, as one. */
  static String lines(String output, String pattern) {
    Predicate<String> found = Pattern.compile(pattern).asPredicate();
    return output.lines().filter(found).map(String::strip).collect(Collectors.joining("; "));
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
