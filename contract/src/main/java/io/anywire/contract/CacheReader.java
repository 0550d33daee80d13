package io.anywire.contract;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Duration;
import io.anywire.contract.annotations.CacheRule;
import java.util.Optional;

/** Reads and checks the {@code (anywire.cache)} of one method. */
record CacheReader(MethodDescriptor method, Problems problems) {
  /** The longest time that caches have to understand (RFC 9111, section 1.2.2). */
  private static final long LONGEST = 1L << 31;

  CachePolicy read(CacheRule rule, Idempotency idempotency) {
    if (idempotency != Idempotency.NO_SIDE_EFFECTS) {
      problem(
          " without idempotency_level = NO_SIDE_EFFECTS"
              + " (expected: that level, since an answer from a cache does not reach the handler)");
    }
    if (method.isClientStreaming() || method.isServerStreaming()) {
      problem(" on a method that streams (expected: a unary method)");
    }
    CacheRule alone = CacheRule.newBuilder().setNoStore(true).build();
    if (rule.getNoStore() && !rule.equals(alone)) {
      problem(".no_store: true beside others (expected: alone)");
    }
    boolean stale = rule.hasStaleWhileRevalidate() || rule.hasStaleIfError();
    if (stale && rule.getMaxAge().equals(Duration.getDefaultInstance())) {
      problem(".max_age: 0 s with a stale time (expected: > 0)");
    }
    return new CachePolicy(
        java.time.Duration.ofSeconds(seconds("max_age", rule.getMaxAge())),
        rule.getPublic(),
        rule.getNoStore(),
        time(
            "stale_while_revalidate",
            rule.hasStaleWhileRevalidate(),
            rule.getStaleWhileRevalidate()),
        time("stale_if_error", rule.hasStaleIfError(), rule.getStaleIfError()));
  }

  private Optional<java.time.Duration> time(String field, boolean given, Duration got) {
    return given
        ? Optional.of(java.time.Duration.ofSeconds(seconds(field, got)))
        : Optional.empty();
  }

  private long seconds(String field, Duration got) {
    if (got.getSeconds() < 0 || got.getSeconds() > LONGEST || got.getNanos() != 0) {
      problem(
          "."
              + field
              + ": "
              + got.getSeconds()
              + " s "
              + got.getNanos()
              + " ns (expected: whole seconds from 0 to "
              + LONGEST
              + ")");
      return 0;
    }
    return got.getSeconds();
  }

  private void problem(String reason) {
    problems.add(method, "(anywire.cache)" + reason);
  }
}
