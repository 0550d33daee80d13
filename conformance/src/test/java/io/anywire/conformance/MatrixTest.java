package io.anywire.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.conformance.Matrix.Verdict;
import io.anywire.testing.RabbitMq;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class MatrixTest {
  private static final Matrix matrix = new Matrix();
  private static RabbitMq rabbit;
  private static Wires wires;

  @BeforeAll
  static void serve() {
    rabbit = RabbitMq.start();
    wires = new Wires(Map.of("rabbitmq", rabbit.url()));
  }

  @AfterAll
  static void stop() {
    wires.close();
    rabbit.close();
  }

  @Test
  void there_are_enough_cases_and_wires() {
    assertThat(matrix.size()).isGreaterThanOrEqualTo(150);
    assertThat(wires.channels())
        .containsOnlyKeys(
            "http",
            "http2",
            "xml",
            "protobuf",
            "connect",
            "connect-proto",
            "grpc-web",
            "grpc",
            "grpc-tls",
            "http3",
            "memory",
            "anywire",
            "disk",
            "disk-page-cache",
            "disk-memory",
            "anywire-disk",
            "anywire-disk-page-cache",
            "anywire-disk-memory",
            "rabbitmq");
  }

  @TestFactory
  Stream<DynamicContainer> every_wire_has_the_same_semantics() {
    return matrix.runAll(wires.channels()).entrySet().stream()
        .map(wire -> DynamicContainer.dynamicContainer(wire.getKey(), tests(wire.getValue())));
  }

  private static Stream<DynamicTest> tests(Map<String, CompletableFuture<Verdict>> verdicts) {
    return verdicts.entrySet().stream()
        .map(named ->
            DynamicTest.dynamicTest(
                named.getKey(),
                () -> {
                  Verdict verdict = named.getValue().join();
                  assertThat(verdict.isAsExpected()).as(verdict.toString()).isTrue();
                }));
  }
}
