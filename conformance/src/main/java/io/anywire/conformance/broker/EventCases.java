package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events: a copy for each subscription. */
interface EventCases extends Cases {

  @Test
  default void gives_every_subscription_its_own_copy() {
    Topic topic = scene().events();
    Received mails = scene().listen(topic, "mails", Outcome.DONE);
    Received bills = scene().listen(topic, "bills", Outcome.DONE);
    scene().publish(topic, "placed");
    mails.awaitTexts("placed");
    bills.awaitTexts("placed");
  }

  @Test
  default void takes_events_that_nobody_subscribed_to() {
    Topic topic = scene().events();
    scene().publish(topic, "nobody hears this");
    Received late = scene().listen(topic, "late", Outcome.DONE);
    scene().publish(topic, "heard");
    late.awaitTexts("heard");
  }

  @Test
  default void keeps_a_subscriptions_place_while_nobody_is_there() {
    Topic topic = scene().events();
    Subscription gone = scene().subscribe(topic, "mails", new Received(Outcome.DONE));
    gone.close();
    scene().publish(topic, "meanwhile");
    scene().listen(topic, "mails", Outcome.DONE).awaitTexts("meanwhile");
  }

  @Test
  default void gives_each_event_to_one_of_those_who_share_a_subscription() {
    Topic topic = scene().events();
    Received here = scene().listen(topic, "mails", Outcome.DONE);
    Received there = new Received(Outcome.DONE);
    SubscribeOptions options = SubscribeOptions.inFlight(5);
    Subscription unused = scene().subscribe(scene().another(), topic, "mails", options, there);
    List<String> events = texts("event", 100);

    scene().publish(topic, events.toArray(String[]::new));

    eventually().until(() -> here.size() + there.size() >= events.size());
    List<String> both = new ArrayList<>(here.texts());
    both.addAll(there.texts());
    assertThat(both).containsExactlyInAnyOrderElementsOf(events);
  }

  @Test
  default void settles_each_subscriptions_copy_apart() {
    Topic topic = scene().events();
    Outcome reject = new Outcome.Reject(Status.newBuilder().setCode(3).build());
    Outcome again = new Outcome.RetryAfter(Duration.ofMillis(1));
    Received done = scene().listen(topic, "done", Outcome.DONE);
    Received retried = scene().listen(topic, "retried", again, Outcome.DONE);
    Received rejected = scene().listen(topic, "rejected", reject);

    scene().publish(topic, "placed");

    retried.awaitTexts("placed", "placed");
    assertThat(retried.attempts()).containsExactly(0, 1);
    eventually().until(() -> scene().broker().deadLetters(topic, "rejected").list(9).size() == 1);
    assertThat(scene().broker().deadLetters(topic, "done").list(9)).isEmpty();
    assertThat(scene().broker().deadLetters(topic, "retried").list(9)).isEmpty();
    scene().publish(topic, "next");
    done.awaitTexts("placed", "next");
    rejected.awaitTexts("placed", "next");
  }
}
