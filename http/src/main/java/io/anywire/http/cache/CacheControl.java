package io.anywire.http.cache;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code Cache-Control} headers say to a private cache (RFC 9111, section 5.2; RFC 5861):
 * {@code private}, {@code public} and {@code s-maxage} say nothing to it. Immutable.
 *
 * @param noStore nothing may be kept
 * @param noCache nothing may be used without asking; so, too, when it names headers only
 * @param mustRevalidate nothing may be used once it is stale
 * @param maxAge how long an answer is fresh; zero where it is no number, since that means stale
 * @param staleIfError how much longer it may be used when asking fails
 */
record CacheControl(
    boolean noStore,
    boolean noCache,
    boolean mustRevalidate,
    Optional<Duration> maxAge,
    Optional<Duration> staleIfError) {

  /** A directive with or without a value; a value in quotes may have commas. */
  private static final Pattern DIRECTIVE =
      Pattern.compile("([^\\s,=\"]+)\\s*(?:=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^,\"]*)))?");

  /** The longest time that has to be understood (section 1.2.2). */
  private static final long LONGEST_SECONDS = 1L << 31;

  /** Reads all the headers of that name; of a directive that comes twice, the first counts. */
  static CacheControl of(List<String> headers) {
    boolean noStore = false;
    boolean noCache = false;
    boolean mustRevalidate = false;
    Optional<Duration> maxAge = Optional.empty();
    Optional<Duration> staleIfError = Optional.empty();
    for (String header : headers) {
      for (Matcher each = DIRECTIVE.matcher(header); each.find(); ) {
        switch (each.group(1).toLowerCase(Locale.ROOT)) {
          case "no-store" -> noStore = true;
          case "no-cache" -> noCache = true;
          case "must-revalidate" -> mustRevalidate = true;
          case "max-age" -> maxAge = maxAge.or(() -> seconds(each));
          case "stale-if-error" -> staleIfError = staleIfError.or(() -> seconds(each));
          default -> {}
        }
      }
    }
    return new CacheControl(noStore, noCache, mustRevalidate, maxAge, staleIfError);
  }

  /** A number of seconds; no number is zero. */
  static Duration seconds(String text) {
    String digits = text.strip();
    if (!digits.matches("[0-9]+")) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(
        digits.length() > 10 ? LONGEST_SECONDS : Math.min(LONGEST_SECONDS, Long.parseLong(digits)));
  }

  private static Optional<Duration> seconds(Matcher directive) {
    String value = directive.group(2) != null ? directive.group(2) : directive.group(3);
    return Optional.of(seconds(value == null ? "" : value));
  }
}
