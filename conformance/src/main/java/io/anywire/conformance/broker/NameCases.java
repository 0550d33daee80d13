package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names of topics and subscriptions that an engine may find strange. */
interface NameCases extends Cases {
  /** None of them may be taken for another. */
  List<String> STRANGE =
      List.of(
          " ",
          "a b",
          "a",
          "A",
          "a/b",
          "a%2Fb",
          "%",
          "~",
          "*",
          "#",
          ".",
          "..",
          "a.>",
          "\\",
          "'\"`${x}",
          "ü漢字🚀",
          "null",
          "x".repeat(200),
          "x".repeat(199) + "y",
          "🚀".repeat(50));

  /** With names like these nothing can be made. */
  List<String> IMPOSSIBLE =
      List.of("", "x".repeat(201), "🚀".repeat(50) + "x", "a\nb", "\u0000", "\u007f", "\u0085");

  /** Text that is no Unicode. */
  String HALF_A_PAIR = "half \ud83d a pair";

  @Test
  default void takes_topics_of_strange_names_for_what_they_are() {
    Map<String, Received> received = new HashMap<>();
    for (String name : STRANGE) {
      scene().publish(Topic.queue(name), "to " + name);
    }
    for (String name : STRANGE) {
      received.put(name, scene().work(Topic.queue(name), Outcome.DONE));
    }
    received.forEach((name, its) -> its.next("to " + name));
    received.forEach((name, its) -> assertThat(its.size()).as("of %s", name).isEqualTo(1));
  }

  @Test
  default void takes_event_topics_of_strange_names_for_what_they_are() {
    Map<String, Received> received = new HashMap<>();
    for (String name : STRANGE) {
      received.put(name, scene().listen(Topic.events(name), name, Outcome.DONE));
    }
    for (String name : STRANGE) {
      scene().publish(Topic.events(name), "to " + name);
    }
    received.forEach((name, its) -> its.next("to " + name));
    received.forEach((name, its) -> assertThat(its.size()).as("of %s", name).isEqualTo(1));
  }

  @Test
  default void takes_subscriptions_of_strange_names_for_what_they_are() {
    Topic topic = scene().events();
    Map<String, Received> received = new HashMap<>();
    for (String name : STRANGE) {
      received.put(name, scene().listen(topic, name, Outcome.DONE));
    }
    scene().publish(topic, "for all");
    received.forEach((name, its) -> its.next("for all"));
    received.forEach((name, its) -> assertThat(its.size()).as("of %s", name).isEqualTo(1));
  }

  @Test
  default void does_not_mix_up_where_a_topic_ends_and_its_subscription_begins() {
    Topic one = Topic.events("x/y");
    Topic other = Topic.events("x");
    Received ofOne = scene().listen(one, "z", Outcome.DONE);
    Received ofOther = scene().listen(other, "y/z", Outcome.DONE);
    scene().publish(one, "one");
    scene().publish(other, "other");
    ofOne.awaitTexts("one");
    ofOther.awaitTexts("other");
  }

  @Test
  default void refuses_names_that_a_subscription_cannot_have() {
    Topic topic = scene().events();
    for (String name : IMPOSSIBLE) {
      assertThat(failure(() -> scene().broker().subscribe(topic, name, 1, d -> {})))
          .as("of '%s'", name)
          .extracting(e -> e.getStatus().getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    assertThat(failure(() -> scene().broker().subscribe(topic, HALF_A_PAIR, 1, d -> {})))
        .extracting(e -> e.getStatus().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  default void has_no_topics_of_impossible_names() {
    for (String name : IMPOSSIBLE) {
      assertThatThrownBy(() -> Topic.queue(name)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Topic.queue(HALF_A_PAIR)).isInstanceOf(IllegalArgumentException.class);
  }
}
