package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.texts;

import io.anywire.broker.Capability;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a new subscription begins. */
interface ReplayCases extends Cases {

  @Test
  default void begins_with_the_oldest_event_that_is_still_there() {
    if (Refusals.of(scene(), Capability.REPLAY)) {
      return;
    }
    Topic topic = scene().events();
    scene().publish(topic, texts("old", 5).toArray(String[]::new));
    Received received = from(topic, "late", SubscribeOptions.BEGINNING);
    scene().publish(topic, "new");
    List<String> all = new ArrayList<>(texts("old", 5));
    all.add("new");
    received.awaitTexts(all);
  }

  @Test
  default void begins_with_what_was_published_at_a_time_or_later() {
    if (Refusals.of(scene(), Capability.REPLAY)) {
      return;
    }
    Topic topic = scene().events();
    scene().publish(topic, "before");
    Instant time = afterNow();
    scene().publish(topic, "after");
    from(topic, "late", new Start.At(time)).awaitTexts("after");
    from(topic, "later", new Start.At(Instant.EPOCH)).awaitTexts("before", "after");
    Received future = from(topic, "future", new Start.At(Instant.now().plusSeconds(3600)));
    scene().publish(topic, "now");
    future.awaitTexts("now");
  }

  @Test
  default void goes_on_where_it_was_when_the_subscription_is_there_already() {
    if (Refusals.of(scene(), Capability.REPLAY)) {
      return;
    }
    Topic topic = scene().events();
    scene().publish(topic, "before");
    Subscription made = scene().subscribe(topic, "s", new Received(Outcome.DONE));
    made.close();
    scene().publish(topic, "after");
    from(topic, "s", SubscribeOptions.BEGINNING).awaitTexts("after");
  }

  private Received from(Topic topic, String name, Start start) {
    Received received = new Received(Outcome.DONE);
    SubscribeOptions options = new SubscribeOptions(Scene.IN_FLIGHT, false, start);
    Subscription unused = scene().subscribe(scene().broker(), topic, name, options, received);
    return received;
  }

  /** A time that is later than any that the clock has shown, and that it has reached. */
  private static Instant afterNow() {
    Instant last = Instant.now();
    Instant next = Instant.now();
    while (!next.isAfter(last.plusMillis(2))) {
      Thread.onSpinWait();
      next = Instant.now();
    }
    return next;
  }
}
