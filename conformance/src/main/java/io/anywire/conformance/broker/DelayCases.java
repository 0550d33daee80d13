package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages that rest before they are delivered. */
interface DelayCases extends Cases {
  /** What a clock may be coarser than the other. */
  Duration TICK = Duration.ofMillis(20);

  @Test
  default void delivers_a_delayed_message_when_it_is_due_and_not_before() {
    if (Refusals.of(scene(), Capability.DELAYED)) {
      return;
    }
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    Duration delay = Duration.ofMillis(700);
    Instant before = Instant.now();
    scene().publishLater(queue, message("late"), delay);
    scene().publish(queue, "at once");
    received.next("at once");
    received.next("late");
    assertThat(Duration.between(before, Instant.now())).isGreaterThan(delay.minus(TICK));
    assertThat(received.attempts()).containsExactly(0, 0);
  }

  @Test
  default void delivers_what_is_due_first_first() {
    if (Refusals.of(scene(), Capability.DELAYED)) {
      return;
    }
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    for (int millis : List.of(1500, 500, 1000)) {
      scene().publishLater(queue, message("" + millis), Duration.ofMillis(millis));
    }
    received.awaitInOrder(List.of("500", "1000", "1500"));
  }

  @Test
  default void delays_an_event_for_every_subscription() {
    if (Refusals.of(scene(), Capability.DELAYED)) {
      return;
    }
    Topic topic = scene().events();
    Received mails = scene().listen(topic, "mails", Outcome.DONE);
    Received bills = scene().listen(topic, "bills", Outcome.DONE);
    scene().publishLater(topic, message("late"), Duration.ofMillis(200));
    mails.next("late");
    bills.next("late");
  }

  @Test
  default void takes_the_longest_delay_that_it_says_and_no_longer_one() {
    if (Refusals.of(scene(), Capability.DELAYED)) {
      assertThat(scene().broker().capabilities().longestDelay()).isZero();
      return;
    }
    Broker broker = scene().broker();
    Duration longest = broker.capabilities().longestDelay();
    Topic queue = scene().queue();
    scene().publishLater(queue, message("in a long while"), longest);
    assertThat(
            failure(() ->
                    broker.publish(
                        new Publication(queue, message("later still"), longest.plusMillis(1))))
                .getStatus()
                .getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    Received received = scene().work(queue, Outcome.DONE);
    scene().publish(queue, "now");
    received.awaitTexts("now");
  }

  @Test
  default void is_held_up_by_nothing_that_rests() {
    if (Refusals.of(scene(), Capability.DELAYED)) {
      return;
    }
    Broker broker = scene().broker();
    Topic queue = scene().queue();
    Received received = scene().work(queue, Outcome.DONE);
    int resting = Math.min(10_000, scene().engine().many());
    List<CompletionStage<Void>> stages =
        IntStream.range(0, resting)
            .mapToObj(i ->
                broker.publish(
                    new Publication(
                        queue, message("later"), Duration.ofSeconds(60 + i * 540L / resting))))
            .toList();
    stages.forEach(Stages::done);

    scene().publishLater(queue, message("soon"), Duration.ofSeconds(1));
    List<String> now = texts("now", 100);
    scene().publish(queue, now.toArray(String[]::new));

    IntStream.range(0, now.size())
        .forEach(i -> assertThat(Messages.text(received.next())).startsWith("now"));
    Instant due = Instant.now().plusSeconds(1);
    received.next("soon");
    assertThat(Instant.now()).isBefore(due.plusSeconds(10));
  }

  @Test
  default void a_retry_that_rests_for_long_does_not_hold_up_one_that_does_not() {
    Topic queue = scene().queue();
    Received received = scene().work(queue);
    scene().publish(queue, "long");
    done(received.next("long").settle(new Outcome.RetryAfter(Duration.ofMinutes(10))));
    scene().publish(queue, "short");
    done(received.next("short").settle(new Outcome.RetryAfter(Duration.ofMillis(100))));
    done(received.next("short").settle(Outcome.DONE));
  }
}
