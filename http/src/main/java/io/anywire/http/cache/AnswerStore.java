package io.anywire.http.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The answers that are kept, by URI, in a bounded number of bytes. Thread-safe.
 *
 * <p>An answer that was asked for before its URI was written to may be older than what was written,
 * and is not kept, whichever of the two responses comes first: {@link #generation} is taken before
 * asking, and has moved on when the answer is there. URIs share 1024 such numbers, so that an
 * answer is sometimes not kept without need.
 */
final class AnswerStore {
  private static final int MOST_PER_URI = 32;
  private static final int GENERATIONS = 1024;

  private final Cache<URI, List<StoredAnswer>> answers;
  private final AtomicLongArray generations = new AtomicLongArray(GENERATIONS);

  AnswerStore(long bytes) {
    answers =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .weigher(AnswerStore::weight)
            .executor(Runnable::run)
            .build();
  }

  /** The answer for such a request, fresh or not. */
  Optional<StoredAnswer> find(URI uri, HttpHeaders request) {
    List<StoredAnswer> known = answers.getIfPresent(uri);
    return known == null
        ? Optional.empty()
        : known.stream().filter(answer -> answer.matches(request)).findFirst();
  }

  /** Changes with every write to the URI. */
  long generation(URI uri) {
    return generations.get(slot(uri));
  }

  /** Keeps an answer instead of those that it could be mistaken for. */
  void keep(URI uri, StoredAnswer answer, HttpHeaders request, long generation) {
    answers
        .asMap()
        .compute(
            uri,
            (key, known) -> {
              // Within the lock of the entry, which forgetting takes after moving on.
              if (generation(uri) != generation) {
                return known;
              }
              List<StoredAnswer> all = new ArrayList<>();
              all.add(answer);
              if (known != null) {
                known.stream()
                    .filter(other -> !other.matches(request))
                    .limit(MOST_PER_URI - 1)
                    .forEach(all::add);
              }
              return List.copyOf(all);
            });
  }

  /** Drops the answer for such a request. */
  void drop(URI uri, HttpHeaders request) {
    answers
        .asMap()
        .computeIfPresent(
            uri,
            (key, known) -> {
              List<StoredAnswer> rest =
                  known.stream().filter(other -> !other.matches(request)).toList();
              return rest.isEmpty() ? null : rest;
            });
  }

  /** Forgets all answers of a URI, since it was written to. */
  void forget(URI uri) {
    generations.incrementAndGet(slot(uri));
    answers.invalidate(uri);
  }

  private static int slot(URI uri) {
    return Math.floorMod(uri.hashCode(), GENERATIONS);
  }

  private static int weight(URI uri, List<StoredAnswer> all) {
    long weight = 2L * uri.toString().length();
    for (StoredAnswer answer : all) {
      weight += answer.weight();
    }
    return (int) Math.min(Integer.MAX_VALUE, weight);
  }
}
