package io.anywire.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LatencyResultTest {
  @Test
  void reads_what_it_wrote() {
    var good = new LatencyResult(1000, 0, 12.5, 99.125, "");
    assertThat(LatencyResult.parse(good.line())).isEqualTo(good);

    var bad = new LatencyResult(0, 3, 0, 0, "UNAVAILABLE: gone");
    assertThat(LatencyResult.parse(bad.line())).isEqualTo(bad);
  }

  @Test
  void refuses_anything_else() {
    assertThatThrownBy(() -> LatencyResult.parse("")).hasMessageStartingWith("latency: ''");
  }

  @Test
  void tells_median_and_99th_percentile_of_what_it_sampled() {
    Samples samples = new Samples(3);
    long now = System.nanoTime();
    samples.add(now - 1_000_000_000L);
    samples.add(now - 2_000_000_000L);
    samples.add(now - 9_000_000_000L);
    samples.failed(new IllegalStateException("no"));

    LatencyResult result = samples.result();

    assertThat(result.done()).isEqualTo(3);
    assertThat(result.failed()).isEqualTo(1);
    assertThat(result.p50()).isBetween(2_000_000.0, 3_000_000.0);
    assertThat(result.failure()).isEqualTo("java.lang.IllegalStateException: no");
  }
}
