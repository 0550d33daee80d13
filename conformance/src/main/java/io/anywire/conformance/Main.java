package io.anywire.conformance;

import io.anywire.conformance.Matrix.Verdict;
import io.anywire.testing.RabbitMq;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the whole matrix on every wire and prints what does not hold; exits 1 if anything. */
public final class Main {
  private Main() {}

  /** Takes no arguments. */
  public static void main(String[] args) {
    Matrix matrix = new Matrix();
    List<Verdict> verdicts = new ArrayList<>();
    int wires;
    try (RabbitMq rabbit = RabbitMq.start();
        Wires serving = new Wires(Map.of("rabbitmq", rabbit.url()))) {
      var running = matrix.runAll(serving.channels());
      wires = running.size();
      running.values().forEach(cases -> cases.values().forEach(v -> verdicts.add(v.join())));
    }
    System.exit(report(matrix, wires, verdicts, System.out));
  }

  private static int report(Matrix matrix, int wires, List<Verdict> verdicts, PrintStream out) {
    List<Verdict> failed = verdicts.stream().filter(v -> !v.isAsExpected()).toList();
    failed.forEach(out::println);
    long gaps = verdicts.stream().filter(v -> v.isAsExpected() && v.gap().isPresent()).count();
    out.printf(
        "cases=%d wires=%d passed=%d failed=%d gaps=%d%n",
        matrix.size(), wires, verdicts.size() - failed.size() - gaps, failed.size(), gaps);
    return failed.isEmpty() ? 0 : 1;
  }
}
