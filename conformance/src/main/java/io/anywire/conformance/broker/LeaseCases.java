package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A message in somebody's hands: given back, lost, and settled too late. */
interface LeaseCases extends Cases {

  @Test
  default void gives_back_what_was_in_flight_without_counting_when_a_subscription_closes() {
    Topic queue = scene().queue();
    Received stuck = new Received();
    Subscription leaving = scene().subscribe(queue, Topic.WORKERS, stuck);
    scene().publish(queue, "one", "two");
    stuck.next();
    stuck.next();
    leaving.close();
    Received staying = scene().work(queue, Outcome.DONE);
    staying.awaitTexts("one", "two");
    assertThat(staying.attempts()).containsExactly(0, 0);
    assertThat(staying.next().crashes()).isZero();
    assertThat(staying.next().crashes()).isZero();
  }

  @Test
  default void counts_a_crash_and_no_attempt_when_a_holder_is_gone_without_a_word() {
    Topic queue = scene().queue();
    Delivery again = abandoned(queue, RetryCases.SOON);
    assertThat(again.attempts()).isEqualTo(1);
    // 0 where the broker cannot tell.
    assertThat(again.crashes()).isBetween(0, 1);
    done(again.settle(Outcome.DONE));
  }

  @Test
  default void keeps_what_is_in_flight_with_its_holder_when_another_comes() {
    Topic queue = scene().queue();
    Received first = scene().work(queue);
    scene().publish(queue, "held");
    Delivery held = first.next("held");
    Received second = scene().work(queue, Outcome.DONE);
    for (int i = 0; i < 20; i++) {
      scene().publish(queue, "more " + i);
    }
    second.next();
    assertThat(second.texts()).doesNotContain("held");
    done(held.settle(Outcome.DONE));
  }

  @Test
  default void delivers_nothing_new_once_stopped_and_takes_outcomes_still() {
    Topic queue = scene().queue();
    Received received = new Received();
    Subscription stopping = scene().subscribe(queue, Topic.WORKERS, received);
    scene().publish(queue, "in hand", "in hand too");
    Delivery one = received.next();
    Delivery two = received.next();
    stopping.stop();
    stopping.stop();
    scene().publish(queue, "after");
    done(one.settle(Outcome.DONE));
    done(two.settle(RetryCases.SOON));
    Received next = scene().work(queue, Outcome.DONE);
    next.awaitTexts("after", text(two));
    stopping.close();
    assertThat(received.size()).isEqualTo(2);
    scene().publish(queue, "last");
    next.awaitTexts("after", text(two), "last");
  }

  @Test
  default void gives_back_at_close_what_was_in_flight_at_stop() {
    Topic queue = scene().queue();
    Received received = new Received();
    Subscription stopping = scene().subscribe(queue, Topic.WORKERS, received);
    scene().publish(queue, "in hand");
    received.next("in hand");
    stopping.stop();
    stopping.close();
    Delivery again = scene().work(queue, Outcome.DONE).next("in hand");
    assertThat(again.attempts()).isZero();
  }

  @Test
  default void a_late_retry_or_rejection_changes_nothing() {
    Topic queue = scene().queue();
    Received lost = new Received();
    Subscription gone = scene().subscribe(scene().another(), queue, lost);
    scene().publish(queue, "late retry", "late reject");
    Delivery one = lost.next();
    Delivery two = lost.next();
    gone.abandon();
    // What it says of them may fail or not.
    Stream.of(
            one.settle(new Outcome.RetryAfter(Duration.ofMillis(1))),
            two.settle(new Outcome.Reject(Status.newBuilder().setCode(3).build())))
        .forEach(Stages::succeeded);

    Received received = scene().work(queue, Outcome.DONE);
    received.awaitTexts("late retry", "late reject");
    assertThat(received.attempts()).containsExactly(0, 0);
    scene().publish(queue, "marker");
    received.awaitTexts("late retry", "late reject", "marker");
    assertThat(scene().broker().deadLetters(queue, Topic.WORKERS).list(9)).isEmpty();
  }

  @Test
  default void a_late_done_settles_once_or_not_at_all() {
    Topic queue = scene().queue();
    Received lost = new Received();
    Subscription gone = scene().subscribe(scene().another(), queue, lost);
    scene().publish(queue, "late");
    Delivery late = lost.next("late");
    gone.abandon();
    boolean settled = Stages.succeeded(late.settle(Outcome.DONE));
    Received received = scene().work(queue, Outcome.DONE);
    scene().publish(queue, "marker");
    List<String> expected = new ArrayList<>(List.of("marker"));
    if (!settled) {
      expected.add("late");
    }
    received.awaitTexts(expected);
  }

  @Test
  default void is_left_by_many_at_a_time_without_loss() {
    Topic queue = scene().queue();
    List<Subscription> leaving = new ArrayList<>();
    Received stuck = new Received();
    for (int i = 0; i < 8; i++) {
      leaving.add(scene().subscribe(queue, Topic.WORKERS, stuck));
    }
    scene().publish(queue, Messages.texts("task", 40).toArray(String[]::new));
    for (int i = 0; i < 40; i++) {
      stuck.next();
    }
    leaving.parallelStream().forEach(Subscription::close);
    Received staying = scene().work(queue, Outcome.DONE);
    staying.awaitTexts(Messages.texts("task", 40));
    assertThat(staying.attempts()).containsOnly(0);
  }

  /** A message that was retried once, and then held by somebody who is gone. */
  private Delivery abandoned(Topic queue, Outcome first) {
    Received lost = new Received();
    Subscription gone = scene().subscribe(scene().another(), queue, lost);
    scene().publish(queue, "held");
    done(lost.next("held").settle(first));
    lost.next("held");
    gone.abandon();
    return scene().work(queue).next("held");
  }
}
