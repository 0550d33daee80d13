package io.anywire.conformance.crash;

import java.util.List;
import java.util.Random;

/**
 * Kills a broker on disk under load, again and again, and says what that did: {@code --rounds N
 * [--durability fsync|page-cache] [--seed S]}. Exits 1 when something that is promised did not
 * hold, 2 when used wrongly.
 */
public final class Crash {
  private static final String USAGE =
      "usage: dev/crash --rounds N [--durability fsync|page-cache] [--seed S]";

  private int rounds;
  private String durability = "fsync";
  private long seed = new Random().nextInt(1_000_000);

  private Crash() {}

  /** Says how to use it when used wrongly. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws Exception {
    Crash crash = new Crash();
    try {
      crash.read(List.of(arguments));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      System.err.println(e.getMessage() + "\n" + USAGE);
      System.exit(2);
    }
    System.exit(crash.run());
  }

  private void read(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i += 2) {
      String value = arguments.get(i + 1);
      switch (arguments.get(i)) {
        case "--rounds" -> rounds = Integer.parseInt(value);
        case "--durability" -> durability = value;
        case "--seed" -> seed = Long.parseLong(value);
        default -> throw new IllegalArgumentException("option: " + arguments.get(i));
      }
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("--rounds: " + rounds + " (expected: >= 1)");
    }
    if (!List.of("fsync", "page-cache").contains(durability)) {
      throw new IllegalArgumentException(
          "--durability: " + durability + " (expected: fsync or page-cache)");
    }
  }

  @SuppressWarnings("SystemOut")
  private int run() throws Exception {
    System.out.println("seed " + seed);
    Findings findings = CrashRun.of(rounds, durability, seed);
    findings.print(System.out);
    return findings.hold() ? 0 : 1;
  }
}
