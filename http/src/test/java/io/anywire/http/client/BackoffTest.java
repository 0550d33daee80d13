package io.anywire.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @RepeatedTest(20)
  void each_failure_waits_longer_up_to_the_longest() {
    assertAround(Duration.ofSeconds(1), Backoff.GRPC.after(1));
    assertAround(Duration.ofMillis(1600), Backoff.GRPC.after(2));
    assertAround(Duration.ofMillis(2560), Backoff.GRPC.after(3));
    assertAround(Duration.ofSeconds(120), Backoff.GRPC.after(50));
    assertAround(Duration.ofSeconds(120), Backoff.GRPC.after(Integer.MAX_VALUE));
  }

  @Test
  void pauses_of_clients_that_fail_together_differ() {
    assertThat(Stream.generate(() -> Backoff.GRPC.after(1)).limit(20).distinct())
        .hasSizeGreaterThan(1);
  }

  @Test
  void bounds_out_of_order_are_refused() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, 1.6, 0.2, second))
        .hasMessage("initial: PT0S (expected: > 0)");
    assertThatThrownBy(() -> new Backoff(second, 0.5, 0.2, second))
        .hasMessage("multiplier: 0.5 (expected: >= 1)");
    assertThatThrownBy(() -> new Backoff(second, 1.6, 2, second))
        .hasMessage("jitter: 2.0 (expected: 0 to 1)");
    assertThatThrownBy(() -> new Backoff(second, 1.6, 0.2, Duration.ofMillis(1)))
        .hasMessage("max: PT0.001S (expected: >= PT1S)");
    assertThat(Backoff.GRPC.within(Duration.ofSeconds(5), second).max())
        .isEqualTo(Duration.ofSeconds(5));
  }

  private static void assertAround(Duration expected, Duration pause) {
    assertThat(pause.toMillis())
        .isBetween((long) (expected.toMillis() * 0.8) - 1, (long) (expected.toMillis() * 1.2) + 1);
  }
}
