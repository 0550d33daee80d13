package io.anywire.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Duration;
import io.anywire.contract.annotations.AnnotationsProto;
import io.anywire.contract.annotations.CacheRule;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CachePolicyTest {
  private static final Duration MINUTE = Duration.newBuilder().setSeconds(60).build();

  @Test
  void is_read_from_the_method() {
    CacheRule rule =
        CacheRule.newBuilder()
            .setMaxAge(MINUTE)
            .setPublic(true)
            .setStaleWhileRevalidate(Duration.newBuilder().setSeconds(5))
            .build();
    Contract contract = method(rule, safe()).read();
    assertThat(contract.services().get(0).methods().get(0).cache())
        .contains(
            new CachePolicy(
                java.time.Duration.ofMinutes(1),
                true,
                false,
                Optional.of(java.time.Duration.ofSeconds(5)),
                Optional.empty()));
    assertThat(new ContractBuilder().method("A", "Values", "Book", m -> {}).read().services())
        .first()
        .satisfies(service -> assertThat(service.methods().get(0).cache()).isEmpty());
  }

  @Test
  void is_refused_where_the_handler_must_be_reached() {
    CacheRule rule = CacheRule.newBuilder().setMaxAge(MINUTE).build();
    assertThat(problem(rule, m -> {}))
        .isEqualTo(
            "(anywire.cache) without idempotency_level = NO_SIDE_EFFECTS (expected: that level,"
                + " since an answer from a cache does not reach the handler)");
    assertThat(problem(rule, safe().andThen(m -> m.setServerStreaming(true))))
        .isEqualTo("(anywire.cache) on a method that streams (expected: a unary method)");
  }

  @Test
  void makes_sense_as_a_whole() {
    assertThat(problem(CacheRule.newBuilder().setNoStore(true).setPublic(true).build(), safe()))
        .isEqualTo("(anywire.cache).no_store: true beside others (expected: alone)");
    assertThat(problem(CacheRule.newBuilder().setStaleIfError(MINUTE).build(), safe()))
        .isEqualTo("(anywire.cache).max_age: 0 s with a stale time (expected: > 0)");
    Duration half = Duration.newBuilder().setNanos(500_000_000).build();
    assertThat(problem(CacheRule.newBuilder().setMaxAge(half).build(), safe()))
        .isEqualTo(
            "(anywire.cache).max_age: 0 s 500000000 ns"
                + " (expected: whole seconds from 0 to 2147483648)");
  }

  private static Consumer<MethodDescriptorProto.Builder> safe() {
    return method ->
        method.getOptionsBuilder().setIdempotencyLevel(IdempotencyLevel.NO_SIDE_EFFECTS);
  }

  private static ContractBuilder method(
      CacheRule rule, Consumer<MethodDescriptorProto.Builder> change) {
    return new ContractBuilder()
        .method(
            "A",
            "Values",
            "Book",
            change.andThen(m -> m.getOptionsBuilder().setExtension(AnnotationsProto.cache, rule)));
  }

  private static String problem(CacheRule rule, Consumer<MethodDescriptorProto.Builder> change) {
    ContractException e =
        catchThrowableOfType(ContractException.class, () -> method(rule, change).read());
    assertThat(e).isNotNull();
    assertThat(e.problems()).hasSize(1);
    return e.problems().get(0).reason();
  }
}
