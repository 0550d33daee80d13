package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** How much is in flight; that it is never more is watched in every test. */
interface InFlightCases extends Cases {

  @Test
  default void delivers_as_much_as_may_be_in_flight_and_the_next_when_one_is_settled() {
    Topic queue = scene().queue();
    Received received = consumer(queue, scene().broker(), 3);
    scene().publish(queue, texts("task", 100).toArray(String[]::new));
    Queue<Delivery> inHand = new ArrayDeque<>();
    for (int i = 0; i < 3; i++) {
      inHand.add(received.next());
    }
    for (int i = 3; i < 100; i++) {
      assertThat(received.size()).isEqualTo(i);
      done(inHand.remove().settle(Outcome.DONE));
      inHand.add(received.next());
    }
    inHand.forEach(delivery -> done(delivery.settle(Outcome.DONE)));
  }

  @Test
  default void bounds_each_consumer_by_its_own() {
    Topic queue = scene().queue();
    Received few = consumer(queue, scene().broker(), 1);
    Received more = consumer(queue, scene().another(), 4);
    scene().publish(queue, texts("task", 20).toArray(String[]::new));
    few.next();
    for (int i = 0; i < 4; i++) {
      more.next();
    }
    assertThat(few.size() + more.size()).isEqualTo(5);
  }

  @Test
  default void does_not_count_what_rests_before_a_retry() {
    Topic queue = scene().queue();
    Received received = consumer(queue, scene().broker(), 1);
    scene().publish(queue, texts("task", 3).toArray(String[]::new));
    for (int i = 0; i < 3; i++) {
      done(received.next().settle(new Outcome.RetryAfter(Duration.ofMinutes(10))));
    }
  }

  @Test
  default void takes_a_bound_that_is_never_reached() {
    Topic queue = scene().queue();
    Received received = consumer(queue, scene().broker(), Integer.MAX_VALUE);
    scene().publish(queue, texts("task", 1000).toArray(String[]::new));
    for (int i = 0; i < 1000; i++) {
      done(received.next().settle(Outcome.DONE));
    }
  }

  private Received consumer(Topic queue, Broker at, int maxInFlight) {
    Received received = new Received();
    SubscribeOptions options = SubscribeOptions.inFlight(maxInFlight);
    Subscription unused = scene().subscribe(at, queue, Topic.WORKERS, options, received);
    return received;
  }
}
