package io.anywire.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What was checked, and whether it held. Not thread-safe. */
final class Checks {
  private final List<Result> results = new ArrayList<>();

  /** One check; {@code problem} is empty when it held. */
  record Result(String name, String problem) {
    boolean held() {
      return problem.isEmpty();
    }

    @Override
    public String toString() {
      return (held() ? "ok      " : "FAILED  ") + name + (held() ? "" : ": " + problem);
    }
  }

  /** What is checked; it throws when that does not hold. */
  interface Check {
    void run();
  }

  /** Runs a check and notes its result; later checks run in any case. */
  void check(String name, Check check) {
    try {
      check.run();
      results.add(new Result(name, ""));
    } catch (RuntimeException e) {
      results.add(
          new Result(name, String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ")));
    }
  }

  /** Fails a check. */
  static void require(boolean held, String problem) {
    if (!held) {
      throw new IllegalStateException(problem);
    }
  }

  /** Fails a check unless both are equal. */
  static void requireEqual(Object got, Object expected, String where) {
    require(got.equals(expected), where + ": " + got + " (expected: " + expected + ")");
  }

  List<Result> results() {
    return List.copyOf(results);
  }

  /** The names of those that did not hold. */
  List<String> failed() {
    return results.stream().filter(result -> !result.held()).map(Result::name).toList();
  }

  /** One line for each. */
  String report() {
    return results.stream()
        .map(result -> result + System.lineSeparator())
        .collect(Collectors.joining());
  }
}
