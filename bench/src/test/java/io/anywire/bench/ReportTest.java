package io.anywire.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.bench.Measurement.Latencies;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Subject FIRST = new Subject("first", "", "First", List.of());
  private static final Subject PEER = new Subject("peer", "", "Peer", List.of());
  private static final Subject BROKEN = new Subject("broken", "", "Broken", List.of());

  @Test
  void prints_medians_with_their_spread_and_ratios_to_the_first_subject() {
    assertThat(print(Report::printTable, results()))
        .anyMatch(line ->
            line.matches(
                "first +2,000 \\(1,000-9,000\\) +1.00 +5.00 \\(.*\\) +1.00 +5,000 .* +1.00"))
        .anyMatch(line ->
            line.matches("peer +1,000 \\(500-1,500\\) +0.50 +10.00 .* +2.00 +10,000 .* +2.00"))
        .contains("broken FAILED: 404");
  }

  @Test
  void prints_json_lines_with_five_keys() {
    assertThat(print(Report::printJson, results()))
        .contains(
            json("peer", "throughput", "1000.000", "req/s"),
            json("peer", "throughput.min", "500.000", "req/s"),
            json("peer", "throughput.max", "1500.000", "req/s"),
            json("peer", "throughput.ratio", "0.500", "x"),
            json("peer", "cpu", "10.000", "us/req"),
            json("peer", "allocated", "10000.000", "B/req"),
            json("broken", "failed", "1.000", "subject"))
        .hasSize(2 * 12 + 1);
  }

  @Test
  void prints_latencies_where_they_were_measured() {
    var latencies = new Latencies(new Latency(120, 900), new Latency(80, 500), Latency.NONE);
    var measured =
        new Results(Map.of(FIRST, List.of(new Measurement(1, 1, 1).with(latencies))), Map.of());

    assertThat(print(Report::printJson, measured))
        .contains(
            json("first", "p50", "120.000", "us"),
            json("first", "p99", "900.000", "us"),
            json("first", "ack p50", "80.000", "us"),
            json("first", "ack p99", "500.000", "us"))
        .noneMatch(line -> line.contains("alone"));
    assertThat(print(Report::printJson, results())).noneMatch(line -> line.contains("p50"));
  }

  @Test
  void leaves_out_ratios_when_the_first_subject_failed() {
    var results =
        new Results(Map.of(PEER, List.of(new Measurement(1, 1, 1000))), Map.of(FIRST, "down"));

    assertThat(print(Report::printJson, results)).noneMatch(line -> line.contains("ratio"));
    assertThat(print(Report::printTable, results)).contains("first FAILED: down");
  }

  private static Results results() {
    Map<Subject, List<Measurement>> measurements = new LinkedHashMap<>();
    measurements.put(
        FIRST,
        List.of(
            new Measurement(9000, 4, 4000),
            new Measurement(1000, 5, 5000),
            new Measurement(2000, 6, 6000)));
    measurements.put(
        PEER, List.of(new Measurement(500, 9, 9000), new Measurement(1500, 11, 11000)));
    return new Results(measurements, Map.of(BROKEN, "404"));
  }

  private static List<String> print(BiConsumer<Report, PrintStream> how, Results results) {
    var bytes = new ByteArrayOutputStream();
    how.accept(new Report("rest", "req", FIRST, results), new PrintStream(bytes, true, UTF_8));
    return bytes.toString(UTF_8).lines().toList();
  }

  private static String json(String subject, String metric, String value, String unit) {
    return "{\"case\":\"rest\",\"subject\":\"%s\",\"metric\":\"%s\",\"value\":%s,\"unit\":\"%s\"}"
        .formatted(subject, metric, value, unit);
  }
}
