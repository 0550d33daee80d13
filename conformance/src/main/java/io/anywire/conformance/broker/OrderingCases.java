package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.keyed;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Scene.ordered;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Status;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ordering keys: one message at a time, in order of publication. */
interface OrderingCases extends Cases {
  /** Long enough that whatever does not wait comes first. */
  Outcome IN_A_MOMENT = new Outcome.RetryAfter(Duration.ofMillis(300));

  @Test
  default void delivers_the_messages_of_a_key_one_at_a_time_in_order_of_publication() {
    if (Refusals.of(scene(), Capability.ORDERED)) {
      return;
    }
    Topic topic = scene().events();
    Received received = scene().listenInOrder(topic, "s");
    List<String> order = texts("event", 30);
    scene().publish(topic, order.stream().map(t -> keyed("k", t)).toList());
    for (int i = 0; i < order.size(); i++) {
      Delivery next = received.next(order.get(i));
      assertThat(received.size()).isEqualTo(i + 1);
      done(next.settle(Outcome.DONE));
    }
  }

  @Test
  default void lets_other_keys_and_messages_without_one_pass_a_key_that_waits() {
    if (Refusals.of(scene(), Capability.ORDERED)) {
      return;
    }
    Topic topic = scene().events();
    Received received = new Received();
    Subscription unused = scene().subscribe(scene().broker(), topic, "s", ordered(2), received);
    List<Message> messages = new ArrayList<>();
    messages.add(keyed("slow", "slow 1"));
    texts("behind", 20).forEach(t -> messages.add(keyed("slow", t)));
    messages.add(keyed("other", "other"));
    messages.add(message("unkeyed"));

    scene().publish(topic, messages);

    // Those behind the first do not count as in flight, or no room would be left for two more.
    Delivery slow = received.next("slow 1");
    List<String> passing = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Delivery other = received.next();
      passing.add(text(other));
      done(other.settle(Outcome.DONE));
    }
    assertThat(passing).containsExactlyInAnyOrder("other", "unkeyed");
    done(slow.settle(Outcome.DONE));
    received.next("behind 0");
  }

  @Test
  default void keeps_a_retried_messages_place_and_lets_others_pass() {
    if (Refusals.of(scene(), Capability.ORDERED)) {
      return;
    }
    Topic topic = scene().events();
    Received received = new Received();
    Subscription unused = scene().subscribe(scene().broker(), topic, "s", ordered(1), received);
    scene().publish(topic, List.of(keyed("a", "a1"), keyed("a", "a2")));
    done(received.next("a1").settle(IN_A_MOMENT));
    scene().publish(topic, List.of(keyed("b", "b1")));
    done(received.next("b1").settle(Outcome.DONE));
    Delivery again = received.next("a1");
    assertThat(again.attempts()).isEqualTo(1);
    done(again.settle(Outcome.DONE));
    done(received.next("a2").settle(Outcome.DONE));
  }

  @Test
  default void lets_the_next_of_a_key_come_when_one_is_given_up() {
    if (Refusals.of(scene(), Capability.ORDERED)) {
      return;
    }
    Topic topic = scene().events();
    Received received = scene().listenInOrder(topic, "s");
    scene().publish(topic, List.of(keyed("a", "a1"), keyed("a", "a2")));
    done(received.next("a1").settle(new Outcome.Reject(Status.getDefaultInstance())));
    done(received.next("a2").settle(Outcome.DONE));
    assertThat(scene().broker().deadLetters(topic, "s").list(9)).hasSize(1);
  }

  @Test
  default void keeps_the_order_when_a_consumer_leaves() {
    if (Refusals.of(scene(), Capability.ORDERED)) {
      return;
    }
    Topic topic = scene().events();
    Received leaving = new Received();
    Subscription first = scene().subscribe(scene().another(), topic, "s", ordered(9), leaving);
    scene().publish(topic, texts("event", 10).stream().map(t -> keyed("k", t)).toList());
    done(leaving.next("event 0").settle(Outcome.DONE));
    leaving.next("event 1");
    Received staying = scene().listenInOrder(topic, "s", Outcome.DONE);
    assertThat(staying.size()).isZero();
    first.close();
    staying.awaitInOrder(texts("event", 10).subList(1, 10));
    assertThat(leaving.texts()).containsExactly("event 0", "event 1");
  }

  @Test
  default void keeps_the_order_of_strange_keys_each() {
    if (Refusals.of(scene(), Capability.ORDERED)) {
      return;
    }
    Topic topic = scene().events();
    Received received = scene().listenInOrder(topic, "s", Outcome.DONE);
    List<String> keys = List.of("", " ", "a/b", "%2F", "*.#.>", "漢字 🚀", "k".repeat(1000));
    List<Message> messages = new ArrayList<>();
    texts("event", 5).forEach(t -> keys.forEach(key -> messages.add(keyed(key, key + t))));
    scene().publish(topic, messages);
    eventually().until(() -> received.size() == messages.size());
    for (String key : keys) {
      List<String> order = texts("event", 5).stream().map(t -> key + t).toList();
      assertThat(received.texts()).containsSubsequence(order);
    }
  }

  @Test
  default void holds_a_key_behind_a_dead_letter_until_it_is_replayed() {
    if (Refusals.of(scene(), Capability.HOLDING)) {
      return;
    }
    Topic topic = scene().events();
    Received received = held(topic);
    assertThat(scene().broker().deadLetters(topic, "s").replay(letter -> true)).isEqualTo(1);
    Delivery again = received.next("a1");
    assertThat(again.attempts()).isZero();
    done(again.settle(Outcome.DONE));
    done(received.next("a2").settle(Outcome.DONE));
  }

  @Test
  default void holds_a_key_behind_a_dead_letter_until_it_is_purged() {
    if (Refusals.of(scene(), Capability.HOLDING)) {
      return;
    }
    Topic topic = scene().events();
    Received received = held(topic);
    assertThat(scene().broker().deadLetters(topic, "s").purge(letter -> true)).isEqualTo(1);
    done(received.next("a2").settle(Outcome.DONE));
  }

  /** A key whose first message is a dead letter that holds it; others pass. */
  private Received held(Topic topic) {
    Received received = scene().listenInOrder(topic, "s");
    scene().publish(topic, List.of(keyed("a", "a1"), keyed("a", "a2")));
    done(received.next("a1").settle(new Outcome.Reject(Status.getDefaultInstance(), true)));
    DeadLetters dead = scene().broker().deadLetters(topic, "s");
    assertThat(dead.list(9)).hasSize(1);
    scene().publish(topic, List.of(keyed("b", "b1")));
    done(received.next("b1").settle(Outcome.DONE));
    return received;
  }
}
