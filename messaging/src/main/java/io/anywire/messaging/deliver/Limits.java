package io.anywire.messaging.deliver;

import io.anywire.broker.Broker;
import io.anywire.broker.Capabilities;
import io.anywire.contract.MethodContract;
import io.anywire.contract.ServiceContract;
import io.anywire.contract.TaskPolicy;
import io.anywire.wire.Services;
import java.time.Duration;

/** Whether a broker has the time that the policies of a contract take. */
public final class Limits {
  private Limits() {}

  /**
   * Checks every method's policy.
   *
   * @throws IllegalArgumentException naming method, URL, and what was got and wanted
   */
  public static void check(Services services, Broker broker, String url) {
    for (ServiceContract service : services.contract().services()) {
      for (MethodContract method : service.methods()) {
        check(method, broker.capabilities(), url);
      }
    }
  }

  private static void check(MethodContract method, Capabilities can, String url) {
    TaskPolicy policy = method.tasks();
    can.longestProcessing()
        .ifPresent(most ->
            policy
                .longestAttempt()
                .ifPresent(wanted -> require(method, "longest_attempt", wanted, most, url)));
    if (can.longestDelay().isPositive()) {
      require(method, "longest_retry", policy.longestRetry(), can.longestDelay(), url);
    }
  }

  private static void require(
      MethodContract method, String field, Duration wanted, Duration most, String url) {
    if (wanted.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s: %s is %s (expected: at most %s, as %s has it)"
              .formatted(method.fullName(), field, wanted, most, url));
    }
  }
}
