package io.anywire.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TaskPolicyTest {
  @Test
  void the_pause_doubles_up_to_the_longest() {
    TaskPolicy policy = TaskPolicy.DEFAULT;
    assertThat(policy.backoff(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(policy.backoff(2)).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.backoff(9)).isEqualTo(Duration.ofSeconds(256));
    assertThat(policy.backoff(10)).isEqualTo(Duration.ofSeconds(300));
    assertThat(policy.backoff(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(300));
    assertThatThrownBy(() -> policy.backoff(0)).hasMessage("attempt: 0 (expected: >= 1)");
  }

  @Test
  void the_longest_durations_do_not_overflow() {
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    Duration nano = Duration.ofNanos(1);
    TaskPolicy policy = new TaskPolicy(1, nano, longest, Optional.empty(), nano, Optional.empty());
    assertThat(policy.backoff(Integer.MAX_VALUE)).isEqualTo(longest);
  }

  @Test
  void bounds_are_checked() {
    Duration one = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new TaskPolicy(0, one, one, Optional.empty(), one, Optional.empty()))
        .hasMessage("attempts: 0 (expected: >= 1)");
    assertThatThrownBy(
            () -> new TaskPolicy(1, one, one, Optional.of(Duration.ZERO), one, Optional.empty()))
        .hasMessage("expiry: PT0S (expected: > 0)");
    assertThatThrownBy(() -> new CallPolicy(one.negated()))
        .hasMessage("timeout: PT-1S (expected: > 0)");
  }
}
