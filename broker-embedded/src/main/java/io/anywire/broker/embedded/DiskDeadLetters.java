package io.anywire.broker.embedded;

import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** The dead letters of a subscription that may be made later. */
final class DiskDeadLetters implements DeadLetters {
  private record Found(DiskFeed.Dead place, DeadLetter letter) {}

  /** What is to become of some. */
  private interface Fate {
    CompletionStage<Integer> of(List<DiskFeed.Dead> places, List<DeadLetter> letters);
  }

  private final DiskStore store;
  private final Topic topic;
  private final String subscription;

  DiskDeadLetters(DiskStore store, Topic topic, String subscription) {
    this.store = store;
    this.topic = topic;
    this.subscription = subscription;
  }

  @Override
  public List<DeadLetter> list(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: " + max + " (expected: >= 1)");
    }
    return feed()
        .map(feed -> found(feed, max).stream().map(Found::letter).toList())
        .orElse(List.of());
  }

  @Override
  public int replay(Predicate<DeadLetter> which) {
    return feed().map(feed -> decide(feed, which, feed::revive)).orElse(0);
  }

  @Override
  public int purge(Predicate<DeadLetter> which) {
    return feed().map(feed -> decide(feed, which, feed::drop)).orElse(0);
  }

  private Optional<DiskFeed> feed() {
    return store.known(topic).flatMap(known -> known.feed(subscription));
  }

  private int decide(DiskFeed feed, Predicate<DeadLetter> which, Fate fate) {
    List<Found> chosen = new ArrayList<>(found(feed, Integer.MAX_VALUE));
    chosen.removeIf(found -> !which.test(found.letter()));
    if (chosen.isEmpty()) {
      return 0;
    }
    // In the order in which their record will name them.
    chosen.sort(Comparator.comparingLong(found -> found.place().sequence()));
    return DiskStore.join(
        fate.of(
            chosen.stream().map(Found::place).toList(),
            chosen.stream().map(Found::letter).toList()));
  }

  private List<Found> found(DiskFeed feed, int max) {
    List<DiskFeed.Dead> places = DiskStore.join(store.ask(() -> feed.dead(max)));
    List<DeadLetter> letters = DiskStore.join(store.letters(places));
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      found.add(new Found(places.get(i), letters.get(i)));
    }
    return found;
  }
}
