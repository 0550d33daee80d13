package io.anywire.contract;

import com.google.protobuf.Descriptors.GenericDescriptor;
import io.anywire.contract.annotations.CallRule;
import io.anywire.contract.annotations.TaskRule;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads one rule on top of the policy that it refines: the default's for a service, the service's
 * for a method. A field that makes no sense is reported and left as it was.
 */
record PolicyReader(GenericDescriptor element, String option, Problems problems) {

  CallPolicy calls(CallRule rule, CallPolicy base) {
    return rule.hasTimeout()
        ? new CallPolicy(positive("timeout", rule.getTimeout(), base.timeout()))
        : base;
  }

  TaskPolicy tasks(TaskRule rule, TaskPolicy base) {
    Duration first =
        rule.hasFirstRetry()
            ? positive("first_retry", rule.getFirstRetry(), base.firstRetry())
            : base.firstRetry();
    Duration longest =
        rule.hasLongestRetry()
            ? positive("longest_retry", rule.getLongestRetry(), base.longestRetry())
            : base.longestRetry();
    if (first.compareTo(longest) > 0) {
      // Only one of them was said here: the other, inherited one gives way.
      if (!rule.hasLongestRetry()) {
        longest = first;
      } else if (!rule.hasFirstRetry()) {
        first = longest;
      } else {
        problem("first_retry: " + first + " (expected: <= longest_retry " + longest + ")");
        first = longest;
      }
    }
    return new TaskPolicy(
        attempts(rule, base),
        first,
        longest,
        expiry(rule, base),
        kept(rule, base),
        longestAttempt(rule, base));
  }

  private int attempts(TaskRule rule, TaskPolicy base) {
    if (!rule.hasAttempts()) {
      return base.attempts();
    }
    if (rule.getAttempts() < 1) {
      problem("attempts: " + rule.getAttempts() + " (expected: >= 1)");
      return base.attempts();
    }
    return rule.getAttempts();
  }

  private Optional<Duration> expiry(TaskRule rule, TaskPolicy base) {
    return rule.hasExpiry()
        ? Optional.of(positive("expiry", rule.getExpiry(), Duration.ofDays(1)))
        : base.expiry();
  }

  private Duration kept(TaskRule rule, TaskPolicy base) {
    return rule.hasKeepResult()
        ? positive("keep_result", rule.getKeepResult(), base.keepResult())
        : base.keepResult();
  }

  private Optional<Duration> longestAttempt(TaskRule rule, TaskPolicy base) {
    return rule.hasLongestAttempt()
        ? Optional.of(positive("longest_attempt", rule.getLongestAttempt(), Duration.ofDays(1)))
        : base.longestAttempt();
  }

  private Duration positive(String field, com.google.protobuf.Duration got, Duration otherwise) {
    if (got.getSeconds() < 0
        || got.getNanos() < 0
        || got.getNanos() > 999_999_999
        || got.getSeconds() > 315_576_000_000L
        || (got.getSeconds() == 0 && got.getNanos() == 0)) {
      String text = got.getSeconds() + " s " + got.getNanos() + " ns";
      problem(field + ": " + text + " (expected: > 0, nanos from 0 to 999999999)");
      return otherwise;
    }
    return Duration.ofSeconds(got.getSeconds(), got.getNanos());
  }

  private void problem(String reason) {
    problems.add(element, "(anywire." + option + ")." + reason);
  }
}
