package io.anywire.cli.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One row for each operation and wire. Thread-safe. */
final class Measurements {
  private static final Logger LOG = LoggerFactory.getLogger(Measurements.class);
  private static final List<String> WIRES = List.of("rest", "grpc", "queue", "task", "event");

  private final Map<Row, Latencies> rows = new ConcurrentSkipListMap<>();

  /** What is measured. Rows are ordered as the table shows them. */
  record Row(String service, String wire, String operation) implements Comparable<Row> {
    private static final Comparator<Row> ORDER =
        Comparator.comparing(Row::service)
            .reversed()
            .thenComparingInt(row -> WIRES.indexOf(row.wire()))
            .thenComparing(Row::operation);

    @Override
    public int compareTo(Row other) {
      return ORDER.compare(this, other);
    }
  }

  /** Does something and measures it; its exception counts as an error, and passes. */
  <T> T measure(Row row, Supplier<T> work) {
    Latencies latencies = rows.computeIfAbsent(row, r -> new Latencies());
    long start = System.nanoTime();
    boolean failed = true;
    try {
      T result = work.get();
      failed = false;
      return result;
    } finally {
      latencies.add(System.nanoTime() - start, failed);
      if (failed) {
        LOG.debug("{} failed", row);
      }
    }
  }

  /** How many calls failed, of all rows. */
  long errors() {
    return rows.values().stream().mapToLong(latencies -> latencies.summary().errors()).sum();
  }

  /** The wires that were used for a service. */
  List<String> wires(String service) {
    return rows.keySet().stream()
        .filter(row -> row.service().equals(service))
        .map(Row::wire)
        .distinct()
        .toList();
  }

  /** A table with a heading, times in milliseconds. */
  String table() {
    String heading =
        "%-8s %-6s %-14s %8s %7s %9s %9s%n"
            .formatted("service", "wire", "operation", "calls", "errors", "p50 ms", "p99 ms");
    return rows.entrySet().stream()
        .map(entry -> line(entry.getKey(), entry.getValue().summary()))
        .collect(Collectors.joining("", heading, ""));
  }

  private static String line(Row row, Latencies.Summary summary) {
    return "%-8s %-6s %-14s %8d %7d %9.2f %9.2f%n"
        .formatted(
            row.service(),
            row.wire(),
            row.operation(),
            summary.calls(),
            summary.errors(),
            summary.p50(),
            summary.p99());
  }
}
