package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.eventually;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Capability;
import io.anywire.broker.Inbox;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.grpc.Status;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Calls: taken only while somebody serves them. */
interface CallCases extends Cases {

  @Test
  default void refuses_calls_that_nobody_serves() {
    Topic calls = scene().calls();
    assertThat(failure(() -> scene().broker().publish(calls, message("anybody?"))))
        .extracting(e -> e.getStatus().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  default void refuses_calls_again_when_the_last_server_has_gone() {
    Topic calls = scene().calls();
    Received served = new Received(Outcome.DONE);
    Subscription serving = scene().subscribe(calls, Topic.WORKERS, served);
    scene().publish(calls, "one");
    served.next("one");
    serving.close();
    // An engine may learn of it a moment later; a call that it takes meanwhile is nobody's.
    eventually().until(() -> !Stages.succeeded(scene().broker().publish(calls, message("gone?"))));
    assertThat(served.texts()).containsExactly("one");
  }

  @Test
  default void carries_calls_to_a_server_and_replies_to_an_inbox() {
    if (Refusals.of(scene(), Capability.REPLIES)) {
      return;
    }
    Topic calls = scene().calls();
    Queue<String> replies = new ConcurrentLinkedQueue<>();
    Inbox inbox = scene().inbox(reply -> replies.add(text(reply)));
    Subscription unused =
        scene()
            .subscribe(
                calls,
                Topic.WORKERS,
                call -> {
                  String to = call.message().headers().getOrDefault("reply-to", "");
                  scene().broker().send(to, message("answer to " + text(call)));
                  CompletionStage<Void> unusedStage = call.settle(Outcome.DONE);
                });

    List<String> questions = texts("question", 20);
    scene()
        .publish(
            calls,
            questions.stream()
                .map(q -> message(q).toBuilder().header("reply-to", inbox.address()).build())
                .toList());

    eventually().until(() -> replies.size() == questions.size());
    assertThat(replies)
        .containsExactlyInAnyOrderElementsOf(
            questions.stream().map(q -> "answer to " + q).toList());
  }
}
