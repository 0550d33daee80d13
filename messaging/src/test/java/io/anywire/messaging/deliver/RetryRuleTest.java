package io.anywire.messaging.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.anywire.broker.Outcome;
import io.anywire.contract.TaskPolicy;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetryRuleTest {
  private static final TaskPolicy POLICY =
      new TaskPolicy(
          5,
          Duration.ofSeconds(1),
          Duration.ofSeconds(10),
          Optional.empty(),
          Duration.ofHours(1),
          Optional.empty());

  private final RetryRule rule = new RetryRule(POLICY, false);

  private static Status status(Code code) {
    return Status.newBuilder().setCode(code.value()).build();
  }

  @Test
  void ok_is_done() {
    assertThat(rule.outcome(status(Code.OK), 5)).isEqualTo(Outcome.DONE);
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "UNAVAILABLE",
        "ABORTED",
        "RESOURCE_EXHAUSTED",
        "DEADLINE_EXCEEDED",
        "INTERNAL",
        "UNKNOWN"
      })
  void what_may_pass_is_tried_again_until_the_attempts_are_used_up(Code code) {
    assertThat(rule.outcome(status(code), 4)).isInstanceOf(Outcome.RetryAfter.class);
    assertThat(rule.outcome(status(code), 5)).isEqualTo(new Outcome.Reject(status(code)));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "OK",
        "UNAVAILABLE",
        "ABORTED",
        "RESOURCE_EXHAUSTED",
        "DEADLINE_EXCEEDED",
        "INTERNAL",
        "UNKNOWN"
      })
  void everything_else_is_given_up_at_once_unless_it_says_when_to_come_back(Code code) {
    assertThat(rule.outcome(status(code), 1)).isEqualTo(new Outcome.Reject(status(code)));
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(20))
            .build();
    Status asking = status(code).toBuilder().addDetails(Any.pack(info)).build();
    assertThat(rule.outcome(asking, 1))
        .isInstanceOfSatisfying(
            Outcome.RetryAfter.class,
            retry ->
                assertThat(retry.delay())
                    .isBetween(Duration.ofSeconds(20), Duration.ofSeconds(22)));
  }

  @RepeatedTest(50)
  void the_pause_doubles_and_is_cut_by_up_to_half() {
    assertThat(rule.pause(1)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
    assertThat(rule.pause(3)).isBetween(Duration.ofMillis(2000), Duration.ofMillis(4000));
    assertThat(rule.pause(50)).isBetween(Duration.ofMillis(5000), Duration.ofMillis(10000));
  }
}
