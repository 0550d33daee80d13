package io.anywire.conformance.chaos;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was sent against what was handled. Immutable.
 *
 * @param operations all that the load began
 * @param handlings all that the workers did
 * @param dead the ids of the dead letters
 * @param horizon what the broker may have forgotten
 */
record Account(
    List<Operation> operations, List<Handling> handlings, Set<Long> dead, Horizon horizon) {

  /** Tasks and events that the broker has acknowledged. */
  List<Operation> acknowledged() {
    return operations.stream().filter(o -> o.kind().isKept() && o.succeeded()).toList();
  }

  /** Those of which there is no trace: neither handled, nor a dead letter. */
  List<Operation> missing() {
    Set<Long> found = new HashSet<>(dead);
    handlings.stream()
        .filter(h -> h.step() == Handling.Step.DONE)
        .forEach(handling -> found.add(handling.id()));
    return acknowledged().stream().filter(o -> !found.contains(o.id())).toList();
  }

  /** Those that a broker must not have forgotten. */
  List<Operation> lost() {
    return missing().stream().filter(o -> !horizon.mayHide(o)).toList();
  }

  /** How many handlings there were of tasks and events beyond the first of each. */
  long duplicates() {
    return repeated(Handling.Step.DONE, Set.of(Kind.TASK, Kind.EVENT));
  }

  /** How often a call that must not be repeated was begun beyond its first time. */
  long repeatedCalls() {
    return repeated(Handling.Step.BEGUN, Set.of(Kind.CALL));
  }

  /** How many tasks and events were handled. */
  long handled() {
    Set<Long> kept = ids(Set.of(Kind.TASK, Kind.EVENT));
    return handlings.stream()
        .filter(h -> h.step() == Handling.Step.DONE && kept.contains(h.id()))
        .map(Handling::id)
        .distinct()
        .count();
  }

  /**
   * The events that were begun before an acknowledged one before them, of the same key, had ended
   * for the first time. Where the publisher was not told that an event was taken, that event has no
   * place in the order.
   */
  List<Operation> outOfOrder() {
    Map<Long, Long> begun = first(Set.of(Handling.Step.BEGUN));
    Map<Long, Long> ended = first(Set.of(Handling.Step.DONE, Handling.Step.REFUSED));
    List<Operation> wrong = new ArrayList<>();
    acknowledged().stream()
        .filter(o -> o.kind() == Kind.EVENT)
        .sorted(Comparator.comparingLong(Operation::number))
        .collect(groupingBy(Operation::key))
        .values()
        .forEach(events -> wrong.addAll(outOfOrder(events, begun, ended)));
    return wrong;
  }

  private static List<Operation> outOfOrder(
      List<Operation> ofOneKey, Map<Long, Long> begun, Map<Long, Long> ended) {
    List<Operation> wrong = new ArrayList<>();
    Optional<Long> latest = Optional.empty();
    for (Operation event : ofOneKey) {
      Optional<Long> start = Optional.ofNullable(begun.get(event.id()));
      Optional<Long> end = Optional.ofNullable(ended.get(event.id()));
      if (isBefore(start, latest)) {
        wrong.add(event);
      }
      if (latest.isEmpty() || isBefore(latest, end)) {
        latest = end;
      }
    }
    return wrong;
  }

  private static boolean isBefore(Optional<Long> one, Optional<Long> other) {
    return one.isPresent() && other.isPresent() && one.get() - other.get() < 0;
  }

  /** When each id was first seen in one of these steps. */
  Map<Long, Long> first(Set<Handling.Step> steps) {
    Map<Long, Long> first = new HashMap<>();
    handlings.stream()
        .filter(h -> steps.contains(h.step()))
        .forEach(h -> first.merge(h.id(), h.at(), (a, b) -> a - b < 0 ? a : b));
    return first;
  }

  private long repeated(Handling.Step step, Set<Kind> kinds) {
    Set<Long> those = ids(kinds);
    Map<Long, Integer> times = new HashMap<>();
    handlings.stream()
        .filter(h -> h.step() == step && those.contains(h.id()))
        .forEach(h -> times.merge(h.id(), 1, Integer::sum));
    return times.values().stream().mapToLong(n -> n - 1).sum();
  }

  private Set<Long> ids(Set<Kind> kinds) {
    Set<Long> ids = new HashSet<>();
    operations.stream().filter(o -> kinds.contains(o.kind())).forEach(o -> ids.add(o.id()));
    return ids;
  }
}
