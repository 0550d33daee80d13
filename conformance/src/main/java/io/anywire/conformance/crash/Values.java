package io.anywire.conformance.crash;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is known of results and choices. An answer that never came leaves open whether it was done.
 * Thread-safe.
 */
final class Values {
  private static final class Kept {
    private long said;
    private long confirmed;
  }

  private static final class Question {
    private OptionalInt stands = OptionalInt.empty();
    private final Set<Integer> fallen = new HashSet<>();
  }

  private final Complaints complaints;
  private final Map<String, Kept> results = new HashMap<>();
  private final Map<String, Question> questions = new HashMap<>();
  private long confirmed;

  Values(Complaints complaints) {
    this.complaints = complaints;
  }

  /** The next version of that result is about to be kept; returns which that is. */
  synchronized long putting(String id) {
    return ++results.computeIfAbsent(id, i -> new Kept()).said;
  }

  /** That was confirmed. */
  synchronized void put(String id, long version) {
    Kept kept = results.computeIfAbsent(id, i -> new Kept());
    kept.confirmed = Math.max(kept.confirmed, version);
    confirmed++;
  }

  /** The oldest version that may be found from now on; 0 when there need be none. */
  synchronized long oldest(String id) {
    return results.computeIfAbsent(id, i -> new Kept()).confirmed;
  }

  /**
   * What was found.
   *
   * @param oldest what {@link #oldest} said before it was looked for
   */
  synchronized void found(String id, Optional<Long> version, long oldest) {
    long newest = results.computeIfAbsent(id, i -> new Kept()).said;
    long got = version.orElse(0L);
    if (got < oldest || got > newest) {
      complaints.add(
          Wrong.RESULTS, "%s: %d (expected: %d to %d)".formatted(id, got, oldest, newest));
    }
  }

  /** Whether {@code choice} stands, as the broker said. */
  synchronized void chose(String id, int choice, boolean stands) {
    Question question = questions.computeIfAbsent(id, i -> new Question());
    boolean known = question.stands.isPresent();
    boolean same = question.stands.orElse(choice) == choice;
    if (stands ? !same || question.fallen.contains(choice) : known && same) {
      complaints.add(
          Wrong.CHOICES,
          "%s: %d %s (expected: %s to stand, and not %s)"
              .formatted(
                  id, choice, stands ? "stands" : "does not", question.stands, question.fallen));
    }
    if (stands) {
      question.stands = OptionalInt.of(choice);
    } else {
      question.fallen.add(choice);
    }
    confirmed++;
  }

  synchronized Set<String> results() {
    return Set.copyOf(results.keySet());
  }

  synchronized Set<String> questions() {
    return Set.copyOf(questions.keySet());
  }

  /** How many results and choices the broker has confirmed. */
  synchronized long confirmed() {
    return confirmed;
  }
}
