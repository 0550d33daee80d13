package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.keyed;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.Delivery;
import io.anywire.broker.Drain;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Stored;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a subscription has, put into it as another broker had it, and taken out again. */
interface MoveCases extends Cases {
  Duration HOUR = Duration.ofHours(1);

  @Test
  default void delivers_what_was_put_with_its_attempts_in_order() {
    if (Refusals.of(scene(), Capability.MOVABLE)) {
      return;
    }
    Topic queue = scene().queue();
    done(
        scene()
            .broker()
            .operations()
            .put(
                queue,
                Topic.WORKERS,
                texts("task", 20).stream().map(text -> stored(message(text), 0)).toList()));
    put(queue, stored(message("tried"), 3));
    Received received = scene().work(queue, Outcome.DONE);
    for (String text : texts("task", 20)) {
      assertThat(received.next(text).attempts()).isZero();
    }
    Delivery tried = received.next("tried");
    assertThat(tried.attempts()).isEqualTo(3);
  }

  @Test
  default void puts_into_one_subscription_only_which_it_makes() {
    if (Refusals.of(scene(), Capability.MOVABLE)) {
      return;
    }
    Topic events = scene().events();
    Received other = scene().listen(events, "other", Outcome.DONE);
    done(scene().broker().operations().put(events, "made", List.of(stored(message("moved"), 0))));
    scene().publish(events, "published");
    scene().listen(events, "made", Outcome.DONE).awaitTexts("moved", "published");
    other.awaitTexts("published");
  }

  @Test
  default void lets_what_was_put_rest_until_it_is_due() {
    if (Refusals.of(scene(), Capability.MOVABLE)) {
      return;
    }
    Topic queue = scene().queue();
    Instant due = Instant.now().plusSeconds(1);
    put(queue, new Stored(message("later"), 0, Optional.of(due), Optional.empty()));
    put(queue, stored(message("now"), 0));
    Received received = scene().work(queue, Outcome.DONE);
    assertThat(text(received.next())).isEqualTo("now");
    received.next("later");
    assertThat(Instant.now()).isAfterOrEqualTo(due.minusMillis(5));
  }

  @Test
  default void puts_a_dead_letter_among_the_dead_letters() {
    if (Refusals.of(scene(), Capability.MOVABLE)) {
      return;
    }
    Topic queue = scene().queue();
    Instant time = Instant.now().minusSeconds(100).truncatedTo(ChronoUnit.MILLIS);
    Message published = message("poison").toBuilder().header("h", "ü").build();
    put(queue, dead(published, 4, time));
    DeadLetter letter = scene().broker().deadLetters(queue, Topic.WORKERS).list(9).getFirst();
    assertThat(letter).isEqualTo(new DeadLetter(published, DeadLetterCases.WHY, 4, time));
    assertThat(scene().broker().deadLetters(queue, Topic.WORKERS).replay(l -> true)).isEqualTo(1);
    assertThat(scene().work(queue, Outcome.DONE).next("poison").attempts()).isZero();
  }

  @Test
  default void shows_everything_and_removes_what_it_is_told() {
    if (Refusals.of(scene(), Capability.MOVABLE)) {
      return;
    }
    Topic queue = scene().queue();
    Instant due = Instant.now().plus(HOUR);
    scene().publish(queue, List.of(keyed("k", "1"), keyed("k", "2"), keyed("k", "3")));
    scene().publishLater(queue, message("later"), HOUR);
    put(queue, dead(message("dead"), 2, Instant.EPOCH));
    List<Stored> all = awaitAll(queue, 5);
    assertThat(all.stream().map(one -> text(one.message())).toList())
        .containsSubsequence("1", "2", "3", "dead")
        .contains("later");
    Stored later = all.stream().filter(one -> one.due().isPresent()).findFirst().orElseThrow();
    assertThat(text(later.message())).isEqualTo("later");
    assertThat(later.due().orElseThrow()).isCloseTo(due, within(10, ChronoUnit.SECONDS));
    assertThat(all.getLast().death().orElseThrow())
        .isEqualTo(new Stored.Death(DeadLetterCases.WHY, Instant.EPOCH));

    try (Drain drain = drain(queue)) {
      List<Stored> two = drain.first(2);
      assertThat(two).extracting(one -> text(one.message())).containsExactly("1", "2");
      drain.remove(two);
      drain.remove(drain.first(100).stream().filter(one -> one.death().isPresent()).toList());
    }
    assertThat(awaitAll(queue, 2)).extracting(one -> text(one.message())).contains("3", "later");
    Received received = new Received(Outcome.DONE);
    try (Subscription working = scene().subscribe(queue, Topic.WORKERS, received)) {
      received.next("3");
    }
    try (Drain drain = drain(queue)) {
      eventually().until(() -> shown(drain).contains("later"));
      // What was handled comes again where the engine has lost that.
      assertThat(shown(drain))
          .isSubsetOf(
              scene().engine().answersAcknowledgements()
                  ? List.of("later")
                  : List.of("3", "later"));
      drain.remove(drain.first(100));
      assertThat(drain.first(100)).isEmpty();
    }
  }

  private static List<String> shown(Drain drain) {
    return drain.first(100).stream().map(one -> text(one.message())).toList();
  }

  private List<Stored> awaitAll(Topic queue, int count) {
    // Once: what a drain gives back as it closes is not at once there for the next.
    return eventually().until(() -> all(queue), all -> all.size() == count);
  }

  private List<Stored> all(Topic queue) {
    try (Drain drain = drain(queue)) {
      return drain.first(1000);
    }
  }

  private Drain drain(Topic queue) {
    return scene().broker().operations().drain(queue, Topic.WORKERS, 1000);
  }

  private void put(Topic queue, Stored stored) {
    done(scene().broker().operations().put(queue, Topic.WORKERS, List.of(stored)));
  }

  private static Stored stored(Message message, int attempts) {
    return new Stored(message, attempts, Optional.empty(), Optional.empty());
  }

  private static Stored dead(Message message, int attempts, Instant time) {
    return new Stored(
        message,
        attempts,
        Optional.empty(),
        Optional.of(new Stored.Death(DeadLetterCases.WHY, time)));
  }
}
