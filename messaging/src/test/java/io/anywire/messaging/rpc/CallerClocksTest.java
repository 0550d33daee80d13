package io.anywire.messaging.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerClocksTest {
  private final CallerClocks clocks = new CallerClocks();

  @ParameterizedTest
  @ValueSource(longs = {0, 3_600_000, -3_600_000, 1_900})
  void what_exceeds_the_smallest_difference_seen_was_spent_waiting(long apart) {
    assertThat(clocks.waited("a", 1_000, 1_003 + apart)).isZero();
    assertThat(clocks.waited("a", 2_000, 2_503 + apart)).isEqualTo(500);
    assertThat(clocks.waited("a", 3_000, 3_001 + apart)).isZero();
    assertThat(clocks.waited("a", 4_000, 4_011 + apart)).isEqualTo(10);
  }

  @Test
  void callers_do_not_share_a_clock() {
    clocks.waited("a", 1_000, 1_000);
    assertThat(clocks.waited("b", 1_000, 9_000)).isZero();
  }

  @Test
  void a_clock_that_was_set_back_is_believed_after_a_while() {
    clocks.waited("a", 1_000_000, 1_000_000);
    assertThat(clocks.waited("a", 1_001_000 - 50_000, 1_001_000)).isEqualTo(50_000);
    assertThat(clocks.waited("a", 1_070_000 - 50_000, 1_070_000)).isZero();
    assertThat(clocks.waited("a", 1_071_000 - 50_000, 1_071_000)).isZero();
  }
}
