package io.anywire.conformance.chaos;

import io.anywire.conformance.chaos.Findings.Recovery;
import io.grpc.Status;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Findings for people to read. */
final class Report {
  private static final int SHOWN = 10;
  private final PrintStream out;

  Report(PrintStream out) {
    this.out = out;
  }

  /** One engine's table. */
  void print(Findings findings) {
    Account account = findings.account();
    say("%n%s%n", findings.engine());
    sent("calls", findings.ends(Set.of(Kind.CALL, Kind.READ)));
    sent("streams", findings.ends(Set.of(Kind.STREAM)));
    sent("tasks", findings.ends(Set.of(Kind.TASK)));
    sent("results", findings.ends(Set.of(Kind.RESULT)));
    sent("events", findings.ends(Set.of(Kind.EVENT)));
    say("  %-22s %d%n", "acknowledged", account.acknowledged().size());
    say("  %-22s %d%n", "handled", account.handled());
    say("  %-22s %d%n", "dead letters", account.dead().size());
    say("  %-22s %d%n", "duplicates", account.duplicates());
    say("  %-22s %d%n", "calls handled twice", account.repeatedCalls());
    say("  %-22s %d%n", "gone with the broker", gone(account));
    claim("lost", account.lost());
    claim("out of order", account.outOfOrder());
    claim("hung", findings.hung());
    claim("pending, not told", findings.untold());
    Map<Fault, Recovery> recoveries = findings.recoveries();
    for (Fault.What what : Fault.What.values()) {
      recovery(
          what,
          recoveries.keySet().stream().filter(f -> f.what() == what).map(recoveries::get).toList());
    }
    long zero = findings.faults().isEmpty() ? 0 : findings.faults().getFirst().begun();
    recoveries.forEach((fault, recovery) -> timeline(fault, recovery, zero));
  }

  /** The last line. */
  void summary(List<Findings> all, double minutes) {
    say(
        "%nengines=%d minutes=%.1f faults=%d acknowledged=%d lost=%d duplicates=%d gone_with_broker=%d"
            + " out_of_order=%d hung=%d untold=%d%n",
        all.size(),
        minutes,
        all.stream().mapToInt(f -> f.faults().size()).sum(),
        all.stream().mapToInt(f -> f.account().acknowledged().size()).sum(),
        all.stream().mapToInt(f -> f.account().lost().size()).sum(),
        all.stream().mapToLong(f -> f.account().duplicates()).sum(),
        all.stream().mapToInt(f -> gone(f.account())).sum(),
        all.stream().mapToInt(f -> f.account().outOfOrder().size()).sum(),
        all.stream().mapToInt(f -> f.hung().size()).sum(),
        all.stream().mapToInt(f -> f.untold().size()).sum());
  }

  private static int gone(Account account) {
    return account.missing().size() - account.lost().size();
  }

  private void sent(String what, Map<Status.Code, Long> ends) {
    long all = ends.values().stream().mapToLong(n -> n).sum();
    String codes =
        ends.entrySet().stream()
            .map(end -> end.getKey() + " " + end.getValue())
            .collect(Collectors.joining(", "));
    say("  %-22s %-8d %s%n", what, all, codes);
  }

  private void claim(String what, List<Operation> wrong) {
    String which =
        wrong.stream().limit(SHOWN).map(Operation::toString).collect(Collectors.joining("\n    "));
    say("  %-22s %d%s%n", what, wrong.size(), which.isEmpty() ? "" : "\n    " + which);
  }

  private void recovery(Fault.What what, List<Recovery> times) {
    if (times.isEmpty()) {
      say("  after %-16s never%n", what.words());
      return;
    }
    List<Duration> sorted = times.stream().map(Recovery::all).sorted().toList();
    say(
        "  after %-16s %d times, works again after %d ms (median), %d ms (longest;"
            + " calls %d, tasks %d, events %d)%n",
        what.words(),
        sorted.size(),
        sorted.get(sorted.size() / 2).toMillis(),
        sorted.getLast().toMillis(),
        longest(times, Recovery::calls),
        longest(times, Recovery::tasks),
        longest(times, Recovery::events));
  }

  private void timeline(Fault fault, Recovery recovery, long zero) {
    say(
        "  %7.1f s to %5.1f s  %-16s calls %d ms, tasks %d ms, events %d ms later%n",
        (fault.begun() - zero) / 1e9,
        (fault.over() - zero) / 1e9,
        fault.what().words(),
        recovery.calls().toMillis(),
        recovery.tasks().toMillis(),
        recovery.events().toMillis());
  }

  private static long longest(List<Recovery> times, Function<Recovery, Duration> which) {
    return times.stream().map(which).mapToLong(Duration::toMillis).max().orElse(0);
  }

  private void say(String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
  }
}
