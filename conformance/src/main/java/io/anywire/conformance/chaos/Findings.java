package io.anywire.conformance.chaos;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What one engine did while things broke. Immutable.
 *
 * @param engine its name
 * @param graceNanos how late a call may end
 */
record Findings(String engine, Account account, List<Fault> faults, long graceNanos) {
  /** A call whose deadline is so near when the broker is killed need not hear of it. */
  private static final long NEAR = TimeUnit.MILLISECONDS.toNanos(1_500);

  /** Whether everything that is promised held. */
  boolean hold() {
    return account.lost().isEmpty()
        && account.outOfOrder().isEmpty()
        && hung().isEmpty()
        && untold().isEmpty();
  }

  /** What ended later than its deadline and the grace, or never. */
  List<Operation> hung() {
    return account.operations().stream().filter(o -> o.hung(graceNanos)).toList();
  }

  /** Calls that were pending when the broker was killed, and had to find out by their deadline. */
  List<Operation> untold() {
    return account.operations().stream()
        .filter(o -> o.kind().isCall())
        .filter(o ->
            o.end().map(e -> e.code() == Status.Code.DEADLINE_EXCEEDED).orElse(false)
                && faults.stream().anyMatch(fault -> missed(fault, o)))
        .toList();
  }

  /** How many operations of a kind ended with each code. */
  Map<Status.Code, Long> ends(Set<Kind> kinds) {
    return account.operations().stream()
        .filter(o -> kinds.contains(o.kind()))
        .flatMap(o -> o.end().stream())
        .collect(groupingBy(Operation.End::code, TreeMap::new, counting()));
  }

  /**
   * How long it took after each fault, from when its cause was gone, until something that was begun
   * after that had been handled. Faults after which nothing was begun any more are left out.
   */
  Map<Fault, Recovery> recoveries() {
    Map<Long, Long> done = account.first(Set.of(Handling.Step.DONE));
    Map<Fault, Recovery> all = new LinkedHashMap<>();
    for (Fault fault : faults) {
      Optional<Duration> calls = recovery(fault, Set.of(Kind.CALL, Kind.READ), Map.of());
      Optional<Duration> tasks = recovery(fault, Set.of(Kind.TASK), done);
      Optional<Duration> events = recovery(fault, Set.of(Kind.EVENT), done);
      if (calls.isPresent() && tasks.isPresent() && events.isPresent()) {
        all.put(fault, new Recovery(calls.get(), tasks.get(), events.get()));
      }
    }
    return all;
  }

  /** How long it took until a call, a task and an event went through again. */
  record Recovery(Duration calls, Duration tasks, Duration events) {
    Duration all() {
      return List.of(calls, tasks, events).stream().max(Duration::compareTo).orElseThrow();
    }
  }

  private Optional<Duration> recovery(Fault fault, Set<Kind> kinds, Map<Long, Long> done) {
    return account.operations().stream()
        .filter(o -> kinds.contains(o.kind()) && o.begun() - fault.over() >= 0 && o.succeeded())
        .filter(o -> done.isEmpty() || done.containsKey(o.id()))
        .map(o -> done.getOrDefault(o.id(), o.end().orElseThrow().at()) - fault.over())
        .map(Duration::ofNanos)
        .min(Duration::compareTo);
  }

  private static boolean missed(Fault fault, Operation call) {
    return fault.what() == Fault.What.BROKER_KILLED
        && call.begun() - fault.begun() < 0
        && call.end().orElseThrow().at() - fault.begun() > 0
        && call.deadline() - fault.begun() > NEAR;
  }
}
