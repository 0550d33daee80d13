package io.anywire.conformance.crash;

import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run found.
 *
 * @param moments how often the process was killed when
 * @param openings how long opening the store took each time, in microseconds
 */
record Findings(
    Map<Moment, Integer> moments,
    Account account,
    Values values,
    Complaints complaints,
    List<Long> openings) {
  private static final int SHOWN = 10;

  Findings {
    Map<Moment, Integer> sorted = new EnumMap<>(Moment.class);
    sorted.putAll(moments);
    moments = sorted;
  }

  /** Whether all that is promised held. */
  boolean hold() {
    return complaints.none();
  }

  /** For people to read; the last line has what must be 0. */
  void print(PrintStream out) {
    moments.forEach((moment, times) -> say(out, "killed %s: %d%n", moment.words(), times));
    say(
        out,
        "time to open again: %.1f ms (median), %.1f ms (longest)%n",
        Figures.median(openings) / 1e3,
        Figures.max(openings) / 1e3);
    say(out, "deliveries: %d%n", account.deliveries());
    say(out, "came again unconfirmed: %d%n", account.duplicates());
    say(out, "results and choices: %d%n", values.confirmed());
    for (Wrong what : Wrong.values()) {
      List<String> found = complaints.of(what);
      say(out, "%s: %d%n", what.words(), found.size());
      found.stream().limit(SHOWN).forEach(words -> say(out, "  %s%n", words));
    }
    say(
        out,
        "rounds=%d acknowledged=%d lost=%d redelivered_after_ack=%d out_of_order=%d%n",
        moments.values().stream().mapToInt(times -> times).sum(),
        account.acknowledged(),
        complaints.of(Wrong.LOST).size(),
        complaints.of(Wrong.REDELIVERED).size(),
        complaints.of(Wrong.OUT_OF_ORDER).size());
  }

  private static void say(PrintStream out, String format, Object... arguments) {
    out.printf(Locale.ROOT, format, arguments);
  }
}
