package io.anywire.http.cache;

import io.anywire.http.cache.StoredAnswer.Exchange;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Sends {@code GET} requests through a private cache (RFC 9111), in a bounded number of bytes.
 *
 * <ul>
 *   <li>A 200 is kept that says how long it is fresh ({@code Cache-Control: max-age}, {@code
 *       Expires}) or has a validator ({@code ETag}, {@code Last-Modified}), unless response or
 *       request say {@code no-store}. Nothing is guessed: without a time it is asked for each time.
 *   <li>A stale one is asked for again with its validators; 304 makes it fresh (section 4.3).
 *   <li>When asking fails, by 500, 502, 503, 504 or a broken connection, it is used for as long as
 *       {@code stale-if-error} lets it (RFC 5861, section 4).
 *   <li>An answer is used for requests only that have the same {@code Authorization} and the same
 *       headers of {@code Vary}. A private cache need not hold back answers to authorised requests
 *       (section 3.5); as one client may act for many users, their answers are kept apart.
 *   <li>A write to the same URI forgets it (section 4.4), also one whose outcome is unknown.
 * </ul>
 *
 * <p>Thread-safe; nothing waits.
 */
public final class CachingClient {
  private static final Set<Integer> FAILURES = Set.of(500, 502, 503, 504);

  /** What a caller who asks conditionally, or for a part, has to see for itself. */
  private static final List<String> OWN_BUSINESS =
      List.of("if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "range");

  private final HttpClient http;
  private final AnswerStore answers;
  private final InstantSource clock;

  /** Keeps about so many bytes of answers, from 1. */
  public CachingClient(HttpClient http, long bytes) {
    this(http, bytes, InstantSource.system());
  }

  CachingClient(HttpClient http, long bytes, InstantSource clock) {
    this.http = http;
    this.clock = clock;
    answers = new AnswerStore(bytes);
  }

  /**
   * A request that is under way.
   *
   * @param response completes with the response, or as the exchange fails
   * @param exchange to be cancelled when nobody waits for it any more
   */
  public record Sent(CompletableFuture<Received> response, CompletableFuture<?> exchange) {}

  /** Answers a {@code GET} request, from the cache where that is allowed. */
  public Sent get(HttpRequest request, BodyHandler<byte[]> whole) {
    CacheControl asked = CacheControl.of(request.headers().allValues("cache-control"));
    boolean bypass =
        asked.noStore()
            || OWN_BUSINESS.stream().anyMatch(n -> request.headers().firstValue(n).isPresent());
    if (bypass) {
      CompletableFuture<HttpResponse<byte[]>> sent = http.sendAsync(request, whole);
      return new Sent(sent.thenApply(r -> of(r, "not asked, as the caller wishes")), sent);
    }
    Optional<StoredAnswer> known = answers.find(request.uri(), request.headers());
    Instant now = clock.instant();
    if (known.isPresent() && isUsable(known.get(), asked, now)) {
      StoredAnswer answer = known.get();
      String told = "hit, " + answer.age(now).toSeconds() + " s old";
      CompletableFuture<Received> done =
          CompletableFuture.completedFuture(answer.received(now, false, told));
      return new Sent(done, done);
    }
    return ask(request, known.orElse(null), whole);
  }

  /** Takes note that a write to the URI is over; of an unsafe method (RFC 9110, section 9.2.1). */
  public void written(URI uri) {
    answers.forget(uri);
  }

  /** The same for what the response to a write names in {@code Location} and the like. */
  public void written(URI uri, HttpHeaders response) {
    for (String name : List.of("location", "content-location")) {
      response.firstValue(name).flatMap(text -> resolve(uri, text)).ifPresent(answers::forget);
    }
  }

  /** Another server's resources are none of this one's business. */
  private static Optional<URI> resolve(URI base, String text) {
    try {
      URI named = base.resolve(text);
      return Optional.of(named)
          .filter(uri -> Objects.equals(uri.getRawAuthority(), base.getRawAuthority()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isUsable(StoredAnswer answer, CacheControl asked, Instant now) {
    boolean young = asked.maxAge().map(most -> answer.age(now).compareTo(most) <= 0).orElse(true);
    return !asked.noCache() && young && answer.isFresh(now);
  }

  private Sent ask(HttpRequest request, @Nullable StoredAnswer known, BodyHandler<byte[]> whole) {
    long generation = answers.generation(request.uri());
    HttpRequest.Builder conditional = HttpRequest.newBuilder(request, (name, value) -> true);
    if (known != null) {
      known.validators().forEach(conditional::setHeader);
    }
    Instant sent = clock.instant();
    CompletableFuture<HttpResponse<byte[]>> exchange = http.sendAsync(conditional.build(), whole);
    CompletableFuture<Received> response =
        exchange.handle((got, failure) -> {
          Instant now = clock.instant();
          if (failure != null || FAILURES.contains(got.statusCode())) {
            if (known != null && known.holdsOnError(now)) {
              return known.received(now, true, "stale, as the server fails");
            }
          }
          return failure != null
              ? rethrow(failure)
              : settle(request, known, got, new Exchange(sent, now), generation);
        });
    return new Sent(response, exchange);
  }

  private Received settle(
      HttpRequest request,
      @Nullable StoredAnswer known,
      HttpResponse<byte[]> got,
      Exchange times,
      long generation) {
    URI uri = request.uri();
    HttpHeaders asked = request.headers();
    if (got.statusCode() == 304 && known != null) {
      StoredAnswer fresh = known.refreshed(got.headers(), times);
      if (fresh.mayBeKept()) {
        answers.keep(uri, fresh, asked, generation);
      } else {
        answers.drop(uri, asked);
      }
      return fresh.received(times.received(), true, "revalidated");
    }
    StoredAnswer.of(request, got.statusCode(), got.headers(), got.body(), times)
        .ifPresentOrElse(
            answer -> answers.keep(uri, answer, asked, generation),
            () -> {
              if (got.statusCode() < 500) {
                answers.drop(uri, asked);
              }
            });
    return of(got, known == null ? "miss" : "stale, and changed");
  }

  private static Received of(HttpResponse<byte[]> got, String told) {
    return new Received(got.statusCode(), got.headers(), got.body(), true, told);
  }

  private static Received rethrow(Throwable failure) {
    throw failure instanceof RuntimeException known ? known : new CompletionException(failure);
  }
}
