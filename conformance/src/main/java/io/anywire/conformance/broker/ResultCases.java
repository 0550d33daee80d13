package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.fresh;
import static io.anywire.conformance.broker.Messages.large;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Stages.LONG;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.broker.Capability;
import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Results and choices that are kept. */
interface ResultCases extends Cases {
  /** Longer than any test. */
  Duration KEPT = Duration.ofMinutes(5);

  @Test
  default void keeps_the_last_result_of_an_id_for_everybody() {
    if (Refusals.of(scene(), Capability.RESULTS)) {
      return;
    }
    Results results = scene().broker().results();
    String id = fresh("task");
    assertThat(done(results.get(id))).isEmpty();
    Message finished = message("finished").toBuilder().header("h", "ü").attribute("a", "b").build();
    done(results.put(id, message("running"), KEPT));
    done(results.put(id, finished, KEPT.multipliedBy(2)));
    Results elsewhere = scene().another().results();
    for (int i = 0; i < 3; i++) {
      assertThat(done(results.get(id))).contains(finished);
      assertThat(done(elsewhere.get(id))).contains(finished);
    }
  }

  @Test
  default void keeps_results_of_strange_ids_apart() {
    if (Refusals.of(scene(), Capability.RESULTS)) {
      return;
    }
    Results results = scene().broker().results();
    String unique = fresh("");
    Map<String, String> kept = new LinkedHashMap<>();
    for (String id : List.of("/", "%2F", "~", "*.#.>", " ", "ü漢字🚀", "A", "a", "x".repeat(500))) {
      kept.put(id + unique, "of " + id);
      kept.put(unique + id, "after " + id);
    }
    kept.forEach((id, text) -> done(results.put(id, message(text), KEPT)));
    kept.forEach((id, text) ->
        assertThat(done(results.get(id)).map(Messages::text)).as("of %s", id).contains(text));
  }

  @Test
  default void forgets_a_result_after_its_time() {
    if (Refusals.of(scene(), Capability.RESULTS)) {
      return;
    }
    Results results = scene().broker().results();
    String id = fresh("short");
    done(results.put(id, message("soon gone"), Duration.ofMillis(300)));
    done(results.put(fresh("long"), message("stays"), KEPT));
    // Looking at it may prolong it, so the looks are further apart than its time.
    await()
        .pollInterval(Duration.ofMillis(400))
        .atMost(LONG)
        .until(() -> done(results.get(id)).isEmpty());
  }

  @Test
  default void takes_a_result_as_large_as_a_message_and_none_that_is_larger() {
    if (Refusals.of(scene(), Capability.RESULTS)) {
      return;
    }
    int most = scene().broker().capabilities().maxMessageBytes();
    Results results = scene().broker().results();
    String id = fresh("large");
    assertThat(failure(() -> results.put(id, large(most + 1), KEPT)).getStatus().getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    Message largest = large(most);
    done(results.put(id, largest, Duration.ofSeconds(5)));
    assertThat(done(results.get(id))).contains(largest);
  }

  @Test
  default void lets_the_first_choice_stand() {
    if (Refusals.of(scene(), Capability.RESULTS)) {
      return;
    }
    Results results = scene().broker().results();
    Results elsewhere = scene().another().results();
    String id = fresh("question");
    done(results.put(id, message("apart from choices"), KEPT));
    assertThat(done(results.choose(id, 7, KEPT))).isTrue();
    assertThat(done(elsewhere.choose(id, 99, KEPT))).isFalse();
    assertThat(done(elsewhere.choose(id, 7, KEPT))).isTrue();
    assertThat(done(results.choose(id, 0, KEPT))).isFalse();
    assertThat(done(results.get(id)).map(Messages::text)).contains("apart from choices");
  }

  @Test
  default void lets_one_of_many_choices_at_a_time_stand() {
    if (Refusals.of(scene(), Capability.RESULTS)) {
      return;
    }
    for (int round = 0; round < 5; round++) {
      String id = fresh("contested");
      List<Results> asked = List.of(scene().broker().results(), scene().another().results());
      List<CompletionStage<Boolean>> choices =
          IntStream.range(0, 20)
              .mapToObj(choice -> asked.get(choice % 2).choose(id, choice, KEPT))
              .toList();
      assertThat(choices.stream().map(Stages::done)).containsOnlyOnce(true);
    }
  }
}
