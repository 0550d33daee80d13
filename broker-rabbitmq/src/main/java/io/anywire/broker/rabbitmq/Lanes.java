package io.anywire.broker.rabbitmq;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What waits for its ordering key: a lane for each key, of which the first is the one that is
 * handled, or rests. What is in it is told apart by {@code equals}. Thread-safe.
 */
final class Lanes<T> {
  private final Map<String, Deque<T>> lanes = new HashMap<>();

  /** Whether nobody is in the lane of that key. */
  synchronized boolean isFree(String key) {
    return !lanes.containsKey(key);
  }

  /**
   * Joins the lane of its key.
   *
   * @return whether it is the first
   */
  synchronized boolean enter(String key, T one) {
    Deque<T> lane = lanes.computeIfAbsent(key, k -> new ArrayDeque<>(1));
    lane.add(one);
    return lane.size() == 1;
  }

  /** Puts {@code other} in the place of the first; false when {@code one} is not that. */
  synchronized boolean replace(String key, T one, T other) {
    Deque<T> lane = lanes.get(key);
    if (lane == null || !one.equals(lane.peekFirst())) {
      return false;
    }
    lane.removeFirst();
    lane.addFirst(other);
    return true;
  }

  /** The first leaves; who is next. Nothing happens when {@code one} is not the first. */
  synchronized Optional<T> leave(String key, T one) {
    Deque<T> lane = lanes.get(key);
    if (lane == null || !one.equals(lane.peekFirst())) {
      return Optional.empty();
    }
    lane.removeFirst();
    if (lane.isEmpty()) {
      lanes.remove(key);
    }
    return Optional.ofNullable(lane.peekFirst());
  }

  /** Whether that holds of anyone who is first. */
  synchronized boolean anyFirst(Predicate<T> test) {
    return lanes.values().stream().map(Deque::getFirst).anyMatch(test);
  }

  /** Forgets all but those that are first and that {@code stays} accepts. */
  synchronized void keepFirst(Predicate<T> stays) {
    lanes
        .values()
        .removeIf(lane -> {
          T first = lane.getFirst();
          lane.clear();
          lane.add(first);
          return !stays.test(first);
        });
  }
}
