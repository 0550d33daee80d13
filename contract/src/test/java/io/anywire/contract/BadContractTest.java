package io.anywire.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnknownFieldSet;
import io.anywire.contract.annotations.AnnotationsProto;
import io.anywire.contract.annotations.CallRule;
import io.anywire.contract.annotations.EventRule;
import io.anywire.contract.annotations.TaskRule;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadContractTest {
  static Stream<Arguments> rules() {
    return Stream.of(
        bad(get("/v1/{nope}"), "GET path: \"/v1/{nope}\" at position 5: \"nope\": no field"),
        bad(get("/v1/{inner.nope}"), "no field \"nope\" in library.v1.Values"),
        bad(get("/v1/{text.x}"), "\"text\" is string (expected: a single message)"),
        bad(get("/v1/{inner}"), "inner: message library.v1.Values (expected: a single field"),
        bad(get("/v1/{tags}"), "tags: repeated string (expected: a single field"),
        bad(get("/v1/{labels}"), "labels: a map (expected: a single field"),
        bad(get("/v1/{text}/{text}"), "every variable once"),
        bad(get("v1"), "at position 0: \"v1\" (expected: \"/\" at the start)"),
        bad(HttpRule.newBuilder(), "verb: \"\""),
        bad(custom("BAD VERB"), "verb: \"BAD VERB\""),
        bad(get("/v1").setBody("*"), "GET /v1: body with GET"),
        bad(custom("HEAD").setBody("*"), "HEAD /v1: body with HEAD"),
        bad(post("/v1").setBody("nope"), "POST body: no top-level field \"nope\""),
        bad(post("/v1").setBody("inner.text"), "no top-level field \"inner.text\""),
        bad(post("/v1/{text}").setBody("text"), "body: \"text\" is a variable of the path"),
        bad(get("/v1").setResponseBody("nope"), "response_body: no top-level field \"nope\""),
        bad(
            get("/v1").addAdditionalBindings(get("/v2").addAdditionalBindings(get("/v3"))),
            "additional_bindings: nested"),
        bad(get("/v1").addAdditionalBindings(get("/v2/{nope}")), "no field \"nope\""),
        bad(get("/v1/{text}").addAdditionalBindings(get("/v1/*")), "GET /v1/*: the same route"));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void a_rule_that_makes_no_sense_is_refused_with_its_reason(HttpRule.Builder rule, String reason) {
    ContractException.Problem problem =
        onlyProblem(() -> new ContractBuilder().http("Get", "Values", rule).read());
    assertThat(problem.file()).isEqualTo("bad.proto");
    assertThat(problem.element()).isEqualTo("bad.v1.Bad.Get");
    assertThat(problem.reason()).contains(reason);
  }

  @ParameterizedTest
  @MethodSource("sensible")
  void a_rule_that_makes_sense_is_taken(HttpRule.Builder rule) {
    assertThatCode(() -> new ContractBuilder().http("Get", "Values", rule).read())
        .doesNotThrowAnyException();
  }

  static Stream<HttpRule.Builder> sensible() {
    return Stream.of(
        get("/"),
        get("/v1/{inner.inner.text=**}:go"),
        get("/v1/{boxed}/{at}"),
        post("/v1/{inner.text}").setBody("inner"),
        post("/v1").setBody("tags"),
        HttpRule.newBuilder().setDelete("/v1").setBody("*"),
        custom("*").setBody("*"));
  }

  @Test
  void every_problem_is_listed_not_just_the_first() {
    ContractException e =
        refused(() ->
            new ContractBuilder()
                .http("A", "Values", get("/v1/{nope}").setResponseBody("nope"))
                .http("B", "Values", get("/v1/{text}"))
                .http("C", "Values", get("/v1/{i32}"))
                .read());
    assertThat(e.problems())
        .extracting(ContractException.Problem::element)
        .containsExactly("bad.v1.Bad.A", "bad.v1.Bad.A", "bad.v1.Bad.C");
    assertThat(e)
        .hasMessageStartingWith("The contract has 3 problems:\n  bad.proto: bad.v1.Bad.A: ")
        .hasMessageContaining(
            "GET /v1/{i32}: the same route as GET /v1/{text} of bad.v1.Bad/B in bad.proto");
  }

  @Test
  void two_services_cannot_share_a_name() {
    var first = new ContractBuilder().http("A", "Values", get("/v1/x")).build();
    var second = new ContractBuilder().http("B", "Values", get("/v1/y")).build();
    assertThat(onlyProblem(() -> Contract.of(List.of(first, second))).reason())
        .contains("a second service of this name");
  }

  @Test
  void one_path_may_have_several_verbs() {
    Contract contract =
        new ContractBuilder()
            .http("A", "Values", get("/v1/{text}"))
            .http("B", "Values", post("/v1/{i32}").setBody("*"))
            .http("C", "Values", custom("*", "/v1/{i32}"))
            .http("D", "Values", get("/v1/{text}:go"))
            .read();
    assertThat(contract.services()).hasSize(1);
  }

  @Test
  void a_stream_of_requests_needs_a_body() {
    assertThat(
            onlyProblem(() ->
                    new ContractBuilder()
                        .method(
                            "Up",
                            "Values",
                            "Book",
                            m ->
                                m.setClientStreaming(true)
                                    .getOptionsBuilder()
                                    .setExtension(
                                        com.google.api.AnnotationsProto.http, post("/v1").build()))
                        .read())
                .reason())
        .contains("a stream of requests without body");
  }

  @Test
  void an_event_neither_streams_nor_returns_something() {
    ContractException e =
        refused(() ->
            events(EventRule.getDefaultInstance())
                .method("Up", "Values", "Empty", m -> m.setClientStreaming(true))
                .method("Down", "Values", "Empty", m -> m.setServerStreaming(true))
                .method("Back", "Values", "Book", m -> {})
                .method("Fine", "Values", "Empty", m -> {})
                .read());
    assertThat(e.problems())
        .extracting(ContractException.Problem::element)
        .containsExactly("bad.v1.Bad.Up", "bad.v1.Bad.Down", "bad.v1.Bad.Back");
    assertThat(e).hasMessageContaining("an event method that returns library.v1.Book");
  }

  @Test
  void an_ordering_key_is_a_single_field_of_the_event() {
    for (String key : List.of("nope", "inner", "tags", "text.x")) {
      EventRule rule = EventRule.newBuilder().setOrderingKey(key).build();
      assertThat(
              onlyProblem(() -> events(rule).method("A", "Values", "Empty", m -> {}).read())
                  .reason())
          .startsWith("ordering_key: ")
          .contains(key);
    }
  }

  @Test
  void a_topic_has_a_name_that_every_broker_takes() {
    EventRule rule = EventRule.newBuilder().setTopic("all *").build();
    ContractException.Problem problem =
        onlyProblem(() ->
            events(rule)
                .method("A", "Values", "Empty", m -> {})
                .method("B", "Values", "Empty", m -> {})
                .read());
    assertThat(problem.element()).isEqualTo("bad.v1.Bad");
    assertThat(problem.reason()).contains("topic: \"all *\"");
  }

  @Test
  void an_event_option_belongs_to_an_event_contract() {
    assertThat(
            onlyProblem(() ->
                    new ContractBuilder()
                        .method(
                            "A",
                            "Values",
                            "Empty",
                            m ->
                                m.getOptionsBuilder()
                                    .setExtension(
                                        AnnotationsProto.event,
                                        EventRule.newBuilder().setTopic("x").build()))
                        .read())
                .reason())
        .contains("(anywire.event) in a service without option (anywire.events)");
  }

  @Test
  void a_policy_is_positive() {
    Duration zero = Duration.getDefaultInstance();
    Duration negative = Duration.newBuilder().setSeconds(-1).build();
    Duration malformed = Duration.newBuilder().setSeconds(1).setNanos(-1).build();
    TaskRule tasks =
        TaskRule.newBuilder()
            .setAttempts(0)
            .setFirstRetry(zero)
            .setLongestRetry(negative)
            .setExpiry(malformed)
            .setKeepResult(zero)
            .build();
    CallRule calls = CallRule.newBuilder().setTimeout(negative).build();
    ContractException e =
        refused(() ->
            new ContractBuilder()
                .service(s ->
                    s.getOptionsBuilder()
                        .setExtension(AnnotationsProto.tasks, tasks)
                        .setExtension(AnnotationsProto.calls, calls))
                .read());
    assertThat(e.problems())
        .extracting(p -> p.reason().replaceAll(":.*", ""))
        .containsExactlyInAnyOrder(
            "(anywire.tasks).attempts",
            "(anywire.tasks).first_retry",
            "(anywire.tasks).longest_retry",
            "(anywire.tasks).expiry",
            "(anywire.tasks).keep_result",
            "(anywire.calls).timeout");
  }

  @Test
  void a_first_retry_longer_than_the_longest_is_refused_only_when_both_are_said() {
    Duration hour = Duration.newBuilder().setSeconds(3600).build();
    TaskRule first = TaskRule.newBuilder().setFirstRetry(hour).build();
    TaskPolicy policy = task(first).read().services().get(0).methods().get(0).tasks();
    assertThat(policy.longestRetry()).isEqualTo(java.time.Duration.ofHours(1));
    TaskRule both = first.toBuilder().setLongestRetry(Duration.newBuilder().setSeconds(60)).build();
    assertThat(onlyProblem(() -> task(both).read()).reason())
        .contains("first_retry: PT1H (expected: <= longest_retry PT1M)");
  }

  @Test
  void a_location_is_made_of_the_responses_fields() {
    assertThat(onlyProblem(() -> created("/users/{nope}").read()).reason())
        .contains("(anywire.created)")
        .contains("no field \"nope\" in library.v1.Book");
    assertThat(onlyProblem(() -> created("/users/*").read()).reason()).contains("wildcard");
  }

  @Test
  void foreign_options_on_our_numbers_are_reported() {
    UnknownFieldSet garbage =
        UnknownFieldSet.newBuilder()
            .addField(
                50821,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFrom(new byte[] {10, 99, 1}))
                    .build())
            .build();
    assertThat(
            onlyProblem(() ->
                    new ContractBuilder()
                        .service(s -> s.getOptionsBuilder().setUnknownFields(garbage))
                        .read())
                .reason())
        .startsWith("options: cannot be read");
  }

  private static Arguments bad(HttpRule.Builder rule, String reason) {
    return Arguments.of(rule, reason);
  }

  private static HttpRule.Builder get(String path) {
    return HttpRule.newBuilder().setGet(path);
  }

  private static HttpRule.Builder post(String path) {
    return HttpRule.newBuilder().setPost(path);
  }

  private static HttpRule.Builder custom(String kind) {
    return custom(kind, "/v1");
  }

  private static HttpRule.Builder custom(String kind, String path) {
    return HttpRule.newBuilder()
        .setCustom(CustomHttpPattern.newBuilder().setKind(kind).setPath(path));
  }

  private static ContractBuilder events(EventRule rule) {
    return new ContractBuilder()
        .service(s -> s.getOptionsBuilder().setExtension(AnnotationsProto.events, rule));
  }

  private static ContractBuilder task(TaskRule rule) {
    return new ContractBuilder()
        .method(
            "A",
            "Values",
            "Book",
            m -> m.getOptionsBuilder().setExtension(AnnotationsProto.task, rule));
  }

  private static ContractBuilder created(String template) {
    return new ContractBuilder()
        .method(
            "A",
            "Values",
            "Book",
            m -> m.getOptionsBuilder().setExtension(AnnotationsProto.created, template));
  }

  private static ContractException.Problem onlyProblem(Supplier<Contract> contract) {
    ContractException e = refused(contract);
    assertThat(e.problems()).hasSize(1);
    return e.problems().get(0);
  }

  private static ContractException refused(Supplier<Contract> contract) {
    ContractException e = catchThrowableOfType(ContractException.class, contract::get);
    assertThat(e).isNotNull();
    return e;
  }
}
