package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.text;
import static io.anywire.conformance.broker.Messages.texts;
import static io.anywire.conformance.broker.Stages.LONG;
import static io.anywire.conformance.broker.Stages.done;
import static io.anywire.conformance.broker.Stages.eventually;
import static io.anywire.conformance.broker.Stages.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Status;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Delivery;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What a broker guarantees when its engine, or a process that uses it, dies: for engines in
 * processes of their own.
 */
public abstract class RestartSuite extends Suite<KillableEngine> {
  private static final Duration STARTED = Duration.ofSeconds(60);

  @Test
  void keeps_what_is_durable_restores_subscriptions_and_tells_callers_when_the_engine_is_killed() {
    Broker broker = scene().broker();
    Topic events = scene().events();
    Topic queue = scene().queue();
    boolean durable = scene().can(Capability.DURABLE);
    Received reader = scene().listen(events, "readers");
    Kept kept = new Kept(scene());
    Received worker = scene().work(queue, Outcome.DONE);
    engine().settleDown();
    scene().publish(events, "in flight");
    Delivery inFlight = reader.next("in flight");
    List<String> tasks = texts("task", 2000);
    List<CompletionStage<Void>> publishing =
        tasks.stream().map(task -> broker.publish(queue, message(task))).toList();
    eventually().until(() -> worker.size() > 50);

    engine().kill();

    List<String> taken = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      CompletionStage<Void> stage = publishing.get(i);
      if (Stages.succeeded(stage)) {
        taken.add(tasks.get(i));
      } else {
        assertThat(code(() -> stage)).isEqualTo(Code.UNAVAILABLE);
      }
    }
    assertThat(code(() -> broker.publish(queue, message("down")))).isEqualTo(Code.UNAVAILABLE);
    assertThat(Stages.succeeded(inFlight.settle(Outcome.DONE))).isFalse();
    engine().restart();

    awaitAgain(() -> broker.publish(events, message("new")));
    if (durable) {
      assertThat(List.of(text(reader.next()), text(reader.next())))
          .containsExactlyInAnyOrder("in flight", "new");
      eventually().until(() -> worker.texts().containsAll(taken));
      kept.check();
    } else {
      awaitNext(reader, () -> broker.publish(events, message("new")), "new");
    }
    awaitNext(worker, () -> broker.publish(queue, message("after")), "after");
  }

  @Test
  void opens_another_inbox_when_the_engine_is_killed() {
    if (Refusals.of(scene(), Capability.REPLIES)) {
      return;
    }
    Queue<String> received = new ConcurrentLinkedQueue<>();
    AtomicInteger lost = new AtomicInteger();
    Inbox inbox = scene().inbox(receiver(received, lost));
    String before = inbox.address();
    scene().broker().send(before, message("before"));
    eventually().until(() -> received.contains("before"));

    engine().kill();
    eventually().until(() -> lost.get() == 1);
    assertThat(code(inbox::address)).isEqualTo(Code.UNAVAILABLE);
    engine().restart();

    eventually()
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> !inbox.address().equals(before));
    eventually()
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> {
          scene().broker().send(inbox.address(), message("after"));
          return received.contains("after");
        });
    assertThat(lost).hasValue(1);
  }

  @Test
  void gives_what_a_killed_process_had_in_hand_to_another() {
    Topic queue = scene().queue();
    scene().publish(queue, "one", "two");
    try (LocalProcess holder =
        JavaProcess.of(Holder.class).arguments(scene().url(), queue.name()).start()) {
      holder.awaitLine("holds one", STARTED);
      holder.awaitLine("holds two", STARTED);
      Received received = scene().work(queue, Outcome.DONE);
      assertThat(received.size()).isZero();
      holder.kill();
      received.awaitTexts("one", "two");
      assertThat(received.attempts()).containsOnly(0);
      assertThat(received.next().crashes()).isBetween(0, 1);
    }
  }

  @Test
  void pushes_publishers_back_while_the_engine_does_not_answer() {
    Topic queue = scene().queue();
    scene().publish(queue, "before");
    int many = 50_000;
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    Message message = Messages.large(1024);
    engine().freeze();
    CompletableFuture<Void> publishing =
        Stages.meanwhile(() -> {
          for (int i = 0; i < many && !Thread.currentThread().isInterrupted(); i++) {
            begun.incrementAndGet();
            CompletionStage<Void> unused =
                scene()
                    .broker()
                    .publish(queue, message)
                    .whenComplete((ok, failure) -> ended.incrementAndGet());
          }
        });
    try {
      AtomicInteger last = new AtomicInteger(-1);
      await()
          .pollInterval(Duration.ofMillis(500))
          .atMost(LONG)
          .until(() -> last.getAndSet(begun.get()) == begun.get());
      assertThat(begun.get() - ended.get()).as("on the way").isLessThan(many / 2);
    } finally {
      engine().thaw();
    }
    done(publishing);
    eventually().until(() -> ended.get() == many);
  }

  /** Tries until it succeeds: each part of a connection comes back in its own time. */
  private static void awaitAgain(Stages.Call call) {
    eventually().until(() -> Stages.succeeded((CompletionStage<?>) call.run()));
  }

  private static void awaitNext(Received received, Stages.Call publishing, String text) {
    eventually()
        .until(() ->
            Stages.succeeded((CompletionStage<?>) publishing.run())
                && received.texts().contains(text));
  }

  private static Code code(Stages.Call call) {
    return failure(call).getStatus().getCode();
  }

  private static InboxReceiver receiver(Queue<String> received, AtomicInteger lost) {
    return new InboxReceiver() {
      @Override
      public void receive(Message message) {
        received.add(text(message));
      }

      @Override
      public void lost() {
        lost.incrementAndGet();
      }
    };
  }

  /** One of everything that a durable broker keeps. */
  private static final class Kept {
    private final Scene scene;
    private final Topic queue;
    private final String id = Messages.fresh("result");

    Kept(Scene scene) {
      this.scene = scene;
      this.queue = scene.queue();
      if (!scene.can(Capability.DURABLE)) {
        return;
      }
      Received received = new Received();
      Subscription leaving = scene.subscribe(queue, Topic.WORKERS, received);
      scene.publish(queue, "dead");
      done(received.next().settle(new Outcome.Reject(Status.newBuilder().setCode(3).build())));
      scene.publish(queue, "rests");
      done(received.next().settle(new Outcome.RetryAfter(Duration.ofSeconds(3))));
      leaving.close();
      scene.publish(queue, "waits");
      if (scene.can(Capability.RESULTS)) {
        done(scene.broker().results().put(id, message("kept"), ResultCases.KEPT));
        done(scene.broker().results().choose(id, 1, ResultCases.KEPT));
      }
      if (scene.can(Capability.DELAYED)) {
        scene.publishLater(queue, message("later"), Duration.ofSeconds(4));
      }
    }

    void check() {
      Received received = scene.work(queue, Outcome.DONE);
      List<String> texts = new ArrayList<>(List.of("rests", "waits"));
      if (scene.can(Capability.DELAYED)) {
        texts.add("later");
      }
      eventually().until(() -> received.texts().containsAll(texts));
      eventually()
          .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
          .until(() -> scene.broker().deadLetters(queue, Topic.WORKERS).list(9).size() == 1);
      if (scene.can(Capability.RESULTS)) {
        assertThat(done(scene.broker().results().get(id)).map(Messages::text)).contains("kept");
        assertThat(done(scene.broker().results().choose(id, 2, ResultCases.KEPT))).isFalse();
      }
    }
  }
}
