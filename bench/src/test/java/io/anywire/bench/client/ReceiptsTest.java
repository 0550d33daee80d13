package io.anywire.bench.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReceiptsTest {
  @Test
  void reads_what_it_wrote() {
    var receipts =
        new Receipts(
            new LatencyResult(5, 1, 12.5, 99, "late and done"),
            new LatencyResult(6, 0, 3.25, 40.125, ""));
    assertThat(Receipts.parse(receipts.line())).isEqualTo(receipts);
  }

  @Test
  void refuses_anything_else() {
    assertThatThrownBy(() -> Receipts.parse("done 1 failed 0 p50 1.0 p99 1.0 "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: two latencies)");
  }
}
