package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.eventually;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Closing while others publish, settle and subscribe. */
interface RacingCases extends Cases {

  @Test
  default void loses_nothing_that_it_took_while_it_was_closed() {
    Topic queue = scene().queue();
    Map<String, CompletionStage<Void>> published = new ConcurrentHashMap<>();
    Broker closing = scene().another();
    CountDownLatch under = new CountDownLatch(400);
    List<CompletableFuture<Void>> publishers = new ArrayList<>();
    for (int p = 0; p < 4; p++) {
      String name = "publisher " + p;
      publishers.add(
          Stages.meanwhile(() -> {
            for (String text : texts(name, 500)) {
              published.put(text, closing.publish(queue, message(text)));
              under.countDown();
            }
          }));
    }
    awaitLatch(under);
    closing.close();
    publishers.forEach(Stages::done);

    List<String> taken = new ArrayList<>();
    published.forEach((text, stage) -> {
      if (Stages.succeeded(stage)) {
        taken.add(text);
      } else {
        assertThat(failure(() -> stage).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      }
    });
    Received received = scene().work(queue, Outcome.DONE);
    eventually().until(() -> received.texts().containsAll(taken));
    assertThat(received.texts()).doesNotHaveDuplicates();
  }

  @Test
  default void settles_or_gives_back_each_message_when_a_subscription_closes_meanwhile() {
    for (int round = 0; round < 5; round++) {
      Topic queue = scene().queue();
      List<String> tasks = texts("task", 60);
      scene().publish(queue, tasks.toArray(String[]::new));
      Set<String> settled = ConcurrentHashMap.newKeySet();
      List<CompletableFuture<Void>> settling = new ArrayList<>();
      Received held = new Received();
      Subscription closing =
          scene()
              .subscribe(
                  scene().broker(), queue, Topic.WORKERS, SubscribeOptions.inFlight(60), held);
      for (int i = 0; i < 60; i++) {
        Delivery delivery = held.next();
        settling.add(
            Stages.meanwhile(() -> {
              if (Stages.succeeded(delivery.settle(Outcome.DONE))) {
                settled.add(text(delivery));
              }
            }));
      }
      closing.close();
      settling.forEach(Stages::done);
      Received rest = scene().work(queue, Outcome.DONE);
      List<String> left = tasks.stream().filter(task -> !settled.contains(task)).toList();
      eventually().until(() -> rest.texts().containsAll(left));
      scene().publish(queue, "marker");
      eventually().until(() -> rest.texts().contains("marker"));
      assertThat(rest.texts()).doesNotHaveDuplicates();
      if (scene().engine().answersAcknowledgements()) {
        settled.forEach(task -> assertThat(rest.texts()).doesNotContain(task));
      }
    }
  }

  @Test
  default void leaves_no_subscription_behind_that_was_made_while_it_closed() {
    for (int round = 0; round < 3; round++) {
      Broker closing = scene().another();
      Topic queue = scene().queue();
      List<CompletableFuture<Void>> subscribing = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        subscribing.add(
            Stages.meanwhile(() -> {
              try {
                Subscription unused = scene().subscribe(closing, queue, new Received());
              } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              }
            }));
      }
      closing.close();
      subscribing.forEach(Stages::done);
      Received received = scene().work(queue, Outcome.DONE);
      scene().publish(queue, texts("task", 20).toArray(String[]::new));
      received.awaitTexts(texts("task", 20));
    }
  }

  @Test
  default void hands_nothing_over_once_stopped_while_much_arrives() {
    Topic queue = scene().queue();
    Received left = scene().work(queue, Outcome.DONE);
    int rounds = 20;
    for (int round = 0; round < rounds; round++) {
      Received passing = new Received(Outcome.DONE);
      Subscription stopping = scene().subscribe(queue, Topic.WORKERS, passing);
      List<CompletionStage<Void>> publishing =
          texts("round " + round, 20).stream()
              .map(text -> scene().broker().publish(queue, message(text)))
              .toList();
      // That nothing comes after it is watched.
      stopping.stop();
      stopping.close();
      publishing.forEach(Stages::done);
    }
    scene().publish(queue, "marker");
    eventually().until(() -> left.texts().contains("marker"));
  }

  private static void awaitLatch(CountDownLatch latch) {
    eventually().until(() -> latch.getCount() == 0);
  }
}
