package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Outcome.RetryAfter;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What comes again, when, and how it counts. */
interface RetryCases extends Cases {
  /** As soon as can be. */
  RetryAfter SOON = new RetryAfter(Duration.ofMillis(1));

  @Test
  default void brings_a_retried_message_back_after_its_delay_as_one_attempt_more() {
    Topic queue = scene().queue();
    RetryAfter later = new RetryAfter(Duration.ofMillis(400));
    Received received = scene().work(queue, later, Outcome.DONE);
    Instant published = Instant.now();
    scene().publish(queue, "again");
    received.awaitTexts("again", "again");
    assertThat(received.attempts()).containsExactly(0, 1);
    assertThat(Duration.between(published, Instant.now()))
        .isGreaterThan(later.delay().minus(DelayCases.TICK));
  }

  @Test
  default void counts_every_attempt_but_those_that_are_not_to_count() {
    Topic queue = scene().queue();
    RetryAfter uncounted = new RetryAfter(Duration.ofMillis(1), false);
    Received received = scene().work(queue, SOON, uncounted, SOON, SOON, Outcome.DONE);
    scene().publish(queue, "again and again");
    for (int attempts : new int[] {0, 1, 1, 2, 3}) {
      Delivery next = received.next("again and again");
      assertThat(next.attempts()).isEqualTo(attempts);
      assertThat(next.crashes()).isZero();
    }
  }

  @Test
  default void brings_back_the_message_as_it_was() {
    Topic queue = scene().queue();
    Received received = scene().work(queue, SOON, Outcome.DONE);
    scene().publish(queue, "the same");
    assertThat(received.next().message()).isEqualTo(received.next().message());
  }

  @Test
  default void brings_a_retried_message_to_whoever_is_there_by_then() {
    Topic queue = scene().queue();
    Received first = new Received();
    Subscription leaving = scene().subscribe(queue, Topic.WORKERS, first);
    scene().publish(queue, "again");
    done(first.next("again").settle(new RetryAfter(Duration.ofMillis(300))));
    leaving.close();
    Delivery again = scene().work(queue, Outcome.DONE).next("again");
    assertThat(again.attempts()).isEqualTo(1);
  }

  @Test
  default void takes_the_first_outcome_and_no_other() {
    Topic queue = scene().queue();
    Received received = scene().work(queue);
    scene().publish(queue, "done", "retried");
    Outcome reject = new Outcome.Reject(Status.newBuilder().setCode(3).build());
    for (int i = 0; i < 2; i++) {
      Delivery next = received.next();
      CompletionStage<Void> first =
          next.settle(Messages.text(next).equals("done") ? Outcome.DONE : SOON);
      CompletionStage<Void> second = next.settle(reject);
      done(first);
      done(second);
      done(next.settle(Outcome.DONE));
    }
    Delivery again = received.next("retried");
    assertThat(again.attempts()).isEqualTo(1);
    done(again.settle(Outcome.DONE));
    assertThat(scene().broker().deadLetters(queue, Topic.WORKERS).list(9)).isEmpty();
    assertThat(received.size()).isEqualTo(3);
  }
}
