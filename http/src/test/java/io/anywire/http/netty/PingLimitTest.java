package io.anywire.http.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which PINGs of a client are one too many. */
class PingLimitTest {
  private static final long SECOND = 1_000_000_000L;

  private final PingLimit limit = new PingLimit(Duration.ofSeconds(10));

  @Test
  void pings_at_the_least_interval_are_tolerated_for_ever() {
    for (long second = 0; second < 1000; second += 10) {
      assertThat(limit.isExceeded(second * SECOND)).isFalse();
    }
  }

  @Test
  void the_third_that_comes_too_soon_is_one_too_many() {
    assertThat(limit.isExceeded(-5 * SECOND)).isFalse();
    assertThat(limit.isExceeded(0)).isFalse();
    assertThat(limit.isExceeded(SECOND)).isFalse();
    assertThat(limit.isExceeded(2 * SECOND)).isTrue();
  }

  @Test
  void an_answer_forgives() {
    for (long second = 0; second < 100; second++) {
      assertThat(limit.isExceeded(second * SECOND)).isFalse();
      if (second % 3 == 2) {
        limit.answered();
      }
    }
  }
}
