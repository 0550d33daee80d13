package io.anywire.http.cache;

import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A response that may be used again, for requests that agree with the one it answered in {@code
 * Authorization} and in the headers that its {@code Vary} names. Immutable.
 *
 * @param selecting the request's headers of those names, in lower case
 * @param age how old it was when it arrived
 * @param arrived when that was
 */
record StoredAnswer(
    Map<String, List<String>> selecting,
    HttpHeaders headers,
    byte[] body,
    Duration age,
    Instant arrived) {

  private static final String VARY = "vary";
  private static final int OVERHEAD = 500;

  /** What a 304 may not change: it speaks of a body that it does not have. */
  private static final List<String> OF_THE_BODY =
      List.of("content-length", "content-encoding", "content-type", "content-range");

  /** When a request was sent, and when its response was there. */
  record Exchange(Instant sent, Instant received) {}

  /** What may be kept of a response (RFC 9111, section 3): a 200 that can be found fresh again. */
  static Optional<StoredAnswer> of(
      HttpRequest request, int status, HttpHeaders headers, byte[] body, Exchange times) {
    if (status != 200) {
      return Optional.empty();
    }
    StoredAnswer answer =
        new StoredAnswer(
            selecting(request.headers(), vary(headers)),
            headers,
            body,
            age(headers, times),
            times.received());
    boolean useful = !answer.lifetime().isZero() || !answer.validators().isEmpty();
    return useful && answer.mayBeKept() ? Optional.of(answer) : Optional.empty();
  }

  boolean mayBeKept() {
    return !control().noStore() && !vary(headers).contains("*");
  }

  /** The same answer after a 304 said that it still holds (section 4.3.4). */
  StoredAnswer refreshed(HttpHeaders by, Exchange times) {
    Map<String, List<String>> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    merged.putAll(headers.map());
    by.map()
        .forEach((name, values) -> {
          if (!OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
            merged.put(name, values);
          }
        });
    HttpHeaders now = HttpHeaders.of(merged, (name, value) -> true);
    return new StoredAnswer(selecting, now, body, age(by, times), times.received());
  }

  boolean matches(HttpHeaders request) {
    return selecting.equals(selecting(request, List.copyOf(selecting.keySet())));
  }

  /** How old it is now (section 4.2.3). */
  Duration age(Instant now) {
    Duration here = Duration.between(arrived, now);
    return here.isNegative() ? age : age.plus(here);
  }

  boolean isFresh(Instant now) {
    return !control().noCache() && age(now).compareTo(lifetime()) < 0;
  }

  /** Whether it may be used although asking for it again failed (RFC 5861, section 4). */
  boolean holdsOnError(Instant now) {
    CacheControl control = control();
    return !control.noCache()
        && !control.mustRevalidate()
        && control
            .staleIfError()
            .map(more -> age(now).compareTo(lifetime().plus(more)) < 0)
            .orElse(false);
  }

  /** The headers that ask whether it still holds (section 4.3.1). */
  Map<String, String> validators() {
    Map<String, String> validators = new TreeMap<>();
    headers.firstValue("etag").ifPresent(tag -> validators.put("if-none-match", tag));
    headers.firstValue("last-modified").ifPresent(at -> validators.put("if-modified-since", at));
    return validators;
  }

  /** As a response, which says its age (section 5.1). */
  Received received(Instant now, boolean asked, String told) {
    Map<String, List<String>> aged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    aged.putAll(headers.map());
    aged.put("age", List.of(Long.toString(age(now).toSeconds())));
    return new Received(200, HttpHeaders.of(aged, (name, value) -> true), body, asked, told);
  }

  /** About how much memory it takes, in bytes. */
  long weight() {
    long weight = OVERHEAD + (long) body.length;
    for (Map<String, List<String>> all : List.of(headers.map(), selecting)) {
      for (Map.Entry<String, List<String>> header : all.entrySet()) {
        weight += header.getKey().length() + 100;
        weight += header.getValue().stream().mapToLong(value -> 2L * value.length() + 60).sum();
      }
    }
    return weight;
  }

  private CacheControl control() {
    return CacheControl.of(headers.allValues("cache-control"));
  }

  /** How long it is fresh (section 4.2.1); nothing is guessed where nobody says. */
  private Duration lifetime() {
    return control()
        .maxAge()
        .orElseGet(() -> {
          Optional<Instant> expires = date(headers, "expires");
          Instant from = date(headers, "date").orElse(arrived);
          return expires
              .filter(from::isBefore)
              .map(to -> Duration.between(from, to))
              .orElse(Duration.ZERO);
        });
  }

  private static Duration age(HttpHeaders headers, Exchange times) {
    Duration apparent =
        date(headers, "date")
            .map(date -> Duration.between(date, times.received()))
            .orElse(Duration.ZERO);
    Duration corrected =
        headers
            .firstValue("age")
            .map(CacheControl::seconds)
            .orElse(Duration.ZERO)
            .plus(Duration.between(times.sent(), times.received()));
    Duration age = apparent.compareTo(corrected) > 0 ? apparent : corrected;
    return age.isNegative() ? Duration.ZERO : age;
  }

  private static Optional<Instant> date(HttpHeaders headers, String name) {
    try {
      return headers
          .firstValue(name)
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static List<String> vary(HttpHeaders headers) {
    List<String> names = new ArrayList<>();
    for (String header : headers.allValues(VARY)) {
      for (String name : header.split(",", -1)) {
        if (!name.isBlank()) {
          names.add(name.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }

  private static Map<String, List<String>> selecting(HttpHeaders request, List<String> vary) {
    Map<String, List<String>> selecting = new TreeMap<>();
    vary.forEach(name -> selecting.put(name, request.allValues(name)));
    selecting.put("authorization", request.allValues("authorization"));
    return selecting;
  }
}
