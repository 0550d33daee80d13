package io.anywire.conformance.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Breaks things under load and says what that did: {@code engines --minutes N [--seed S] [--only
 * anywire,rabbitmq]}. Exits 1 when something that is promised did not hold, 2 when used wrongly.
 */
public final class Chaos {
  private static final String USAGE =
      "usage: dev/chaos engines [--minutes N] [--seed S] [--only anywire,rabbitmq]";

  private Duration duration = Duration.ZERO;
  private long seed = new Random().nextInt(1_000_000);
  private List<String> engines = List.of("anywire", "rabbitmq");

  private Chaos() {}

  /** Says how to use it when used wrongly. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws InterruptedException {
    Chaos chaos = new Chaos();
    try {
      chaos.read(List.of(arguments));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      System.err.println(e.getMessage() + "\n" + USAGE);
      System.exit(2);
    }
    System.exit(chaos.run());
  }

  private void read(List<String> arguments) {
    if (arguments.isEmpty() || !arguments.getFirst().equals("engines")) {
      throw new IllegalArgumentException("what to break: " + arguments + " (expected: engines)");
    }
    for (int i = 1; i < arguments.size(); i += 2) {
      String value = arguments.get(i + 1);
      switch (arguments.get(i)) {
        case "--minutes" ->
            duration = Duration.ofMillis(Math.round(60_000 * Double.parseDouble(value)));
        case "--seed" -> seed = Long.parseLong(value);
        case "--only" -> engines = List.of(value.split(","));
        default -> throw new IllegalArgumentException("option: " + arguments.get(i));
      }
    }
  }

  @SuppressWarnings("SystemOut")
  private int run() throws InterruptedException {
    System.out.println("seed " + seed);
    Plan plan = duration.isZero() ? Plan.brief() : Plan.of(duration);
    Report report = new Report(System.out);
    long begun = System.nanoTime();
    List<Findings> all = new ArrayList<>();
    for (String engine : engines) {
      Findings findings = EngineRun.of(engine, plan, seed);
      report.print(findings);
      all.add(findings);
    }
    report.summary(all, (System.nanoTime() - begun) / 60e9);
    return all.stream().allMatch(Findings::hold) ? 0 : 1;
  }
}
