package io.anywire.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.bench.Lab.Plan;
import io.anywire.bench.client.GrpcJavaClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Measures real client processes, which need no tool that may be missing. */
class LabTest {
  private static final Subject CLIENT = Subject.of("grpc-java", GrpcJavaClient.class);
  private static final Subject NO_MAIN = new Subject("no-main", ".", "NoMain", List.of());
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  @Test
  void measures_what_a_process_does_and_what_it_uses() throws Exception {
    Results results = run(2, false, CLIENT);

    assertThat(results.measurements().get(CLIENT))
        .hasSize(2)
        .allSatisfy(run -> {
          assertThat(run.throughput()).isPositive();
          assertThat(run.cpu()).isPositive();
          assertThat(run.allocated()).isGreaterThan(100);
        });
    assertThat(progress.toString(UTF_8).lines())
        .hasSize(2)
        .allMatch(line -> line.matches("grpc-java +[0-9,]+/s +[0-9.]+ us +[0-9,]+ B"));
  }

  @Test
  void says_why_a_subject_failed_and_measures_the_others() throws Exception {
    Results results = run(1, true, NO_MAIN, CLIENT);

    assertThat(results.measurements()).containsOnlyKeys(CLIENT);
    assertThat(results.failures()).containsOnlyKeys(NO_MAIN);
    assertThat(progress.toString(UTF_8))
        .startsWith("no-main FAILED: ")
        .contains("Could not find or load main class NoMain");
  }

  private Results run(int runs, boolean fresh, Subject... subjects) throws InterruptedException {
    var plan = new Plan(Optional.empty(), fresh, SECOND, SECOND);
    try (Load load = new ClientLoad();
        var lab = new Lab(load, plan, new PrintStream(progress, true, UTF_8))) {
      return RoundRobin.run(List.of(subjects), runs, lab);
    }
  }
}
