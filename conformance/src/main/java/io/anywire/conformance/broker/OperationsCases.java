package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.keyed;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.eventually;
import static io.anywire.conformance.broker.Stages.failure;
import static io.anywire.conformance.broker.Stages.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.Status;
import io.anywire.broker.Capability;
import io.anywire.broker.Operations;
import io.anywire.broker.Operations.Tail;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/**
 * A look into the broker. An engine that cannot do one of these things says so; what it answers is
 * right.
 */
interface OperationsCases extends Cases {
  /** What is due long after any test. */
  Outcome MUCH_LATER = new Outcome.RetryAfter(Duration.ofMinutes(30));

  @Test
  default void lists_topics_and_subscriptions() {
    if (Refusals.of(scene(), Capability.LISTED)) {
      return;
    }
    Topic queue = scene().queue();
    Topic events = scene().events();
    assertThat(operations().topics()).doesNotContain(queue, events);
    scene().publish(queue, "task");
    scene().subscribe(events, "bills", new Received(Outcome.DONE)).close();
    Received unused = scene().listen(events, "mails", Outcome.DONE);
    assertThat(operations().topics()).contains(queue, events);
    assertThat(operations().subscriptions(queue)).containsExactly(Topic.WORKERS);
    assertThat(operations().subscriptions(events)).containsExactlyInAnyOrder("mails", "bills");
    assertThat(operations().subscriptions(scene().events())).isEmpty();
  }

  @Test
  default void says_how_much_of_a_subscription_is_where() {
    if (Possible.not(() -> state(used()))) {
      return;
    }
    Topic queue = scene().queue();
    Received received = new Received();
    Subscription leaving =
        scene()
            .subscribe(
                scene().broker(), queue, Topic.WORKERS, SubscribeOptions.inFlight(2), received);
    scene().publish(queue, texts("task", 6).toArray(String[]::new));
    done(received.next().settle(MUCH_LATER));
    done(received.next().settle(new Outcome.Reject(Status.newBuilder().setCode(3).build())));
    received.next();
    received.next();

    eventually()
        .untilAsserted(() -> {
          SubscriptionState state = state(queue);
          is(state.ready(), 2);
          is(state.setAside(), 0);
          is(state.resting(), 1);
          is(state.inFlight(), 2);
          is(state.dead(), 1);
          is(state.consumers(), 1);
        });
    leaving.close();
    eventually()
        .untilAsserted(() -> {
          SubscriptionState state = state(queue);
          is(state.ready(), 4);
          is(state.inFlight(), 0);
          is(state.consumers(), 0);
        });
  }

  @Test
  default void shows_what_waits_without_taking_it() {
    Topic queue = scene().queue();
    scene().publish(queue, texts("task", 5).toArray(String[]::new));
    if (Possible.not(() -> operations().peek(queue, Topic.WORKERS, 3))) {
      return;
    }
    List<Waiting> first = operations().peek(queue, Topic.WORKERS, 3);
    assertThat(first.stream().map(w -> text(w.message()))).isEqualTo(texts("task", 3));
    assertThat(first)
        .allSatisfy(w -> {
          assertThat(w.place()).isEqualTo(Waiting.Place.READY);
          assertThat(w.attempts()).isZero();
          assertThat(w.due()).isEmpty();
        });
    assertThat(operations().peek(queue, Topic.WORKERS, 100)).hasSize(5);
    assertThatThrownBy(() -> operations().peek(queue, Topic.WORKERS, 0))
        .isInstanceOf(IllegalArgumentException.class);
    Received received = scene().work(queue, Outcome.DONE);
    received.awaitTexts(texts("task", 5));
    assertThat(received.attempts()).containsOnly(0);
    assertThat(received.next().crashes()).isZero();
  }

  @Test
  default void shows_what_rests_and_what_is_set_aside_where_it_can_tell() {
    if (!scene().can(Capability.ORDERED)) {
      return;
    }
    Topic topic = scene().events();
    Received received = scene().listenInOrder(topic, "s");
    if (Possible.not(() -> operations().peek(topic, "s", 1))) {
      return;
    }
    scene().publish(topic, List.of(keyed("k", "first"), keyed("k", "second")));
    Instant before = Instant.now();
    done(received.next("first").settle(MUCH_LATER));
    List<Waiting> waiting = operations().peek(topic, "s", 9);
    // What an engine's client holds back is not shown by every engine.
    for (Waiting one : waiting) {
      if (text(one.message()).equals("first")) {
        assertThat(one.place()).isEqualTo(Waiting.Place.RESTING);
        assertThat(one.attempts()).isEqualTo(1);
        assertThat(one.due().orElseThrow())
            .isBetween(before.plusSeconds(1700), before.plusSeconds(1900));
      } else {
        assertThat(one.place()).isEqualTo(Waiting.Place.SET_ASIDE);
      }
    }
  }

  @Test
  default void purges_what_waits_and_leaves_what_is_in_flight_and_dead() {
    Topic queue = scene().queue();
    Received received = new Received();
    Subscription unused =
        scene()
            .subscribe(
                scene().broker(), queue, Topic.WORKERS, SubscribeOptions.inFlight(1), received);
    scene().publish(queue, "dead", "in flight", "gone", "gone too");
    done(received.next().settle(new Outcome.Reject(Status.newBuilder().setCode(3).build())));
    var held = received.next();
    if (Possible.not(() -> operations().purge(queue, Topic.WORKERS))) {
      return;
    }
    scene().publish(queue, "after");
    done(held.settle(Outcome.DONE));
    received.next("after");
    assertThat(received.size()).isEqualTo(3);
    assertThat(scene().broker().deadLetters(queue, Topic.WORKERS).list(9)).hasSize(1);
    assertThat(operations().purge(queue, Topic.WORKERS)).isZero();
  }

  @Test
  default void moves_a_subscription_in_time() {
    Topic topic = scene().events();
    Subscription made = scene().subscribe(topic, "s", new Received());
    made.close();
    scene().publish(topic, "one", "two");
    if (Possible.not(() -> operations().seek(topic, "s", SubscribeOptions.NOW))) {
      return;
    }
    Received received = scene().listen(topic, "s", Outcome.DONE);
    scene().publish(topic, "three");
    received.awaitTexts("three");
    if (scene().can(Capability.REPLAY)) {
      assertThat(operations().seek(topic, "s", SubscribeOptions.BEGINNING)).isEqualTo(3);
      received.awaitTexts("one", "two", "three", "three");
    } else {
      assertThat(failure(() -> operations().seek(topic, "s", SubscribeOptions.BEGINNING)))
          .hasMessageContaining("'" + Capability.REPLAY + "'");
    }
  }

  @Test
  default void shows_what_is_published_until_the_tail_is_closed() {
    Topic topic = scene().events();
    Received received = scene().listen(topic, "s", Outcome.DONE);
    scene().publish(topic, "before");
    received.next("before");
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    if (Possible.not(() -> operations().tail(topic, m -> {}))) {
      return;
    }
    Tail tail = operations().tail(topic, m -> seen.add(text(m)));
    scene().publish(topic, "now");
    eventually().until(() -> seen.contains("now"));
    tail.close();
    tail.close();
    scene().publish(topic, "after");
    received.awaitTexts("before", "now", "after");
    assertThat(seen).containsExactly("now");
  }

  @Test
  default void says_when_a_topic_or_subscription_is_not_there_and_makes_none() {
    Topic events = scene().events();
    for (int i = 0; i < 2; i++) {
      assertThat(failure(() -> operations().state(events, "s")).getStatus().getCode())
          .isIn(Code.NOT_FOUND, Code.UNIMPLEMENTED);
      assertThat(failure(() -> operations().peek(events, "s", 1)).getStatus().getCode())
          .isIn(Code.NOT_FOUND, Code.UNIMPLEMENTED);
      assertThat(failure(() -> operations().purge(events, "s")).getStatus().getCode())
          .isIn(Code.NOT_FOUND, Code.UNIMPLEMENTED);
      assertThat(
              failure(() -> operations().seek(events, "s", SubscribeOptions.NOW))
                  .getStatus()
                  .getCode())
          .isIn(Code.NOT_FOUND, Code.UNIMPLEMENTED);
      assertThat(failureOf(() -> operations().tail(events, m -> {})).getStatus().getCode())
          .isIn(Code.NOT_FOUND, Code.UNIMPLEMENTED);
    }
  }

  private Operations operations() {
    return scene().broker().operations();
  }

  private Topic used() {
    Topic queue = scene().queue();
    scene().publish(queue, List.of(message("used")));
    return queue;
  }

  private SubscriptionState state(Topic topic) {
    return operations().state(topic, Topic.WORKERS);
  }

  private static void is(OptionalLong told, long expected) {
    assertThat(told.orElse(expected)).isEqualTo(expected);
  }
}
