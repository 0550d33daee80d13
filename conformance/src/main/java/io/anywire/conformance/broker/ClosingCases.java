package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.fresh;
import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Stages.eventually;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a closed broker does, and what it leaves behind. */
interface ClosingCases extends Cases {

  @Test
  default void ends_everything_that_was_opened_through_it() {
    Broker closing = scene().another();
    Topic queue = scene().queue();
    Received held = new Received();
    Subscription unused = scene().subscribe(closing, queue, held);
    scene().publish(queue, "held");
    held.next("held");
    closing.close();
    scene().publish(queue, "after");
    Received received = scene().work(queue, Outcome.DONE);
    received.awaitTexts("held", "after");
    assertThat(received.attempts()).containsExactly(0, 0);
    assertThat(held.size()).isEqualTo(1);
  }

  @Test
  default void answers_unavailable_once_it_is_closed() {
    Broker closed = scene().another();
    Topic queue = scene().queue();
    closed.close();
    closed.close();
    List<Stages.Call> calls = new ArrayList<>();
    calls.add(() -> closed.publish(queue, message("late")));
    calls.add(() -> closed.subscribe(queue, Topic.WORKERS, 1, d -> {}));
    calls.add(() -> closed.deadLetters(queue, Topic.WORKERS).list(1));
    if (scene().can(Capability.REPLIES)) {
      calls.add(() -> closed.openInbox(reply -> {}));
    }
    if (scene().can(Capability.RESULTS)) {
      calls.add(() -> closed.results().get("id"));
      calls.add(() -> closed.results().put("id", message("late"), ResultCases.KEPT));
      calls.add(() -> closed.results().choose(fresh("id"), 1, ResultCases.KEPT));
    }
    for (Stages.Call call : calls) {
      assertThat(failure(call).getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
    Received received = scene().work(queue, Outcome.DONE);
    scene().publish(queue, "of another");
    received.awaitTexts("of another");
  }

  @Test
  default void keeps_what_it_has_taken_before() {
    Broker closing = scene().another();
    Topic queue = scene().queue();
    List<String> texts = Messages.texts("task", 200);
    List<CompletionStage<Void>> stages =
        texts.stream().map(text -> closing.publish(queue, message(text))).toList();
    closing.close();
    List<String> taken =
        IntStream.range(0, texts.size())
            .filter(i -> Stages.succeeded(stages.get(i)))
            .mapToObj(texts::get)
            .toList();
    Received received = scene().work(queue, Outcome.DONE);
    eventually().until(() -> received.texts().containsAll(taken));
    assertThat(received.texts()).doesNotHaveDuplicates();
  }

  @Test
  default void is_closed_by_many_at_a_time() throws Exception {
    Broker closing = scene().another();
    Topic queue = scene().queue();
    Subscription subscription = scene().subscribe(closing, queue, new Received());
    List<AutoCloseable> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(subscription);
      all.add(closing);
      if (scene().can(Capability.REPLIES)) {
        all.add(closing.openInbox(reply -> {}));
      }
    }
    List<CompletableFuture<Void>> closings =
        all.stream().map(one -> Stages.meanwhile(() -> close(one))).toList();
    closings.forEach(Stages::done);
  }

  @Test
  default void lets_a_receiver_close_its_own_subscription() {
    Topic queue = scene().queue();
    CompletableFuture<Subscription> own = new CompletableFuture<>();
    CompletableFuture<Delivery> closed = new CompletableFuture<>();
    Subscription subscribed =
        scene()
            .subscribe(
                queue,
                Topic.WORKERS,
                delivery -> {
                  own.join().close();
                  closed.complete(delivery);
                });
    own.complete(subscribed);
    scene().publish(queue, "the last");
    Delivery last = Stages.done(closed);
    assertThat(Messages.text(last)).isEqualTo("the last");
    scene().work(queue, Outcome.DONE).awaitTexts("the last");
  }

  private static void close(AutoCloseable one) {
    try {
      one.close();
    } catch (Exception e) {
      throw new AssertionError("close failed", e);
    }
  }
}
