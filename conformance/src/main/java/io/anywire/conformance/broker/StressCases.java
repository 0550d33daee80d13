package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Stages.LONG;
import static io.anywire.conformance.broker.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Operations;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Four publishers, six consumers that join and leave in every way, random outcomes, and an account
 * of every single message.
 */
interface StressCases extends Cases {
  /** With nothing new for so long, something is lost. */
  Duration STANDSTILL = LONG;

  @Test
  default void accounts_for_every_task() {
    Topic queue = scene().queue();
    Account account = new Account(false, scene().engine().answersAcknowledgements());
    try (Crowd crowd = new Crowd(scene(), queue, Topic.WORKERS, false, account)) {
      crowd.publish(scene().engine().many());
      account.awaitAll();
      awaitNothingWaits(queue, Topic.WORKERS);
    }
    settle(queue, Topic.WORKERS, account);
  }

  @Test
  default void accounts_for_every_event_and_keeps_the_order_of_keys() {
    if (Refusals.of(scene(), Capability.ORDERED)) {
      return;
    }
    Topic topic = scene().events();
    scene().subscribe(scene().broker(), topic, "s", Scene.ordered(1), new Received()).close();
    Account account = new Account(true, scene().engine().answersAcknowledgements());
    try (Crowd crowd = new Crowd(scene(), topic, "s", true, account)) {
      crowd.publish(scene().engine().many() / 4);
      account.awaitAll();
      awaitNothingWaits(topic, "s");
    }
    settle(topic, "s", account);
  }

  /** As far as the engine can tell. */
  private void awaitNothingWaits(Topic topic, String subscription) {
    if (Possible.not(() -> scene().broker().operations().state(topic, subscription))) {
      return;
    }
    Operations operations = scene().broker().operations();
    eventually()
        .untilAsserted(() -> {
          SubscriptionState state = operations.state(topic, subscription);
          assertThat(state.waiting() + state.inFlight().orElse(0)).as("left: %s", state).isZero();
        });
  }

  private void settle(Topic topic, String subscription, Account account) {
    DeadLetters letters = scene().broker().deadLetters(topic, subscription);
    eventually()
        .untilAsserted(() -> {
          Set<String> dead =
              letters.list(Integer.MAX_VALUE).stream()
                  .map(letter -> text(letter.message()))
                  .collect(Collectors.toCollection(TreeSet::new));
          assertThat(dead).containsAll(account.rejected());
          account.check(dead);
        });
    assertThat(account.wrong()).isEmpty();
  }
}
