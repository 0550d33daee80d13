package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.message;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Tasks: kept until one of the workers has handled them. */
interface QueueCases extends Cases {

  @Test
  default void keeps_tasks_that_were_published_before_the_first_worker_came() {
    Topic queue = scene().queue();
    scene().publish(queue, "early");
    Delivery delivery = scene().work(queue, Outcome.DONE).next("early");
    assertThat(delivery.attempts()).isZero();
    assertThat(delivery.crashes()).isZero();
  }

  @Test
  default void keeps_tasks_while_no_worker_is_there() throws Exception {
    Topic queue = scene().queue();
    Received first = new Received(Outcome.DONE);
    try (Subscription workers = scene().subscribe(queue, Topic.WORKERS, first)) {
      scene().publish(queue, "one");
      first.next("one");
    }
    scene().publish(queue, "two");
    scene().work(queue, Outcome.DONE).next("two");
    assertThat(first.texts()).containsExactly("one");
  }

  @Test
  default void hands_each_task_to_one_of_the_workers_of_all_processes() {
    Topic queue = scene().queue();
    Received here = scene().work(queue, Outcome.DONE);
    Received there = new Received(Outcome.DONE);
    SubscribeOptions options = SubscribeOptions.inFlight(5);
    Subscription unused =
        scene().subscribe(scene().another(), queue, Topic.WORKERS, options, there);
    List<String> tasks = texts("task", 200);

    scene().publish(queue, tasks.toArray(String[]::new));

    eventually().until(() -> here.size() + there.size() >= tasks.size());
    List<String> both = new ArrayList<>(here.texts());
    both.addAll(there.texts());
    assertThat(both).containsExactlyInAnyOrderElementsOf(tasks);
  }

  @Test
  default void has_no_subscription_but_that_of_the_workers() {
    Topic queue = scene().queue();
    Broker broker = scene().broker();
    assertThat(failure(() -> broker.subscribe(queue, "others", 1, d -> {})).getStatus().getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  default void keeps_queues_events_and_calls_of_one_name_apart() {
    String name = Messages.fresh("one name");
    Topic queue = Topic.queue(name);
    Topic events = Topic.events(name);
    Topic calls = Topic.calls(name);
    Received tasks = scene().work(queue, Outcome.DONE);
    Received news = scene().listen(events, Topic.WORKERS, Outcome.DONE);
    Received served = scene().work(calls, Outcome.DONE);

    scene().publish(queue, "task");
    scene().publish(events, "event");
    scene().publish(calls, "call");

    tasks.awaitTexts("task");
    news.awaitTexts("event");
    served.awaitTexts("call");
  }

  @Test
  default void goes_on_after_a_receiver_has_failed() {
    Topic queue = scene().queue();
    Received received = new Received(Outcome.DONE);
    Subscription unused =
        scene()
            .subscribe(
                queue,
                Topic.WORKERS,
                delivery -> {
                  if (Messages.text(delivery).equals("bad") && delivery.crashes() == 0) {
                    throw new IllegalStateException("a receiver that fails, as the test wants it");
                  }
                  received.accept(delivery);
                });
    CompletionStage<Void> bad = scene().broker().publish(queue, message("bad"));
    Stages.done(bad);
    scene().publish(queue, "good");
    eventually().until(() -> received.texts().contains("good"));
  }
}
