package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A store that has all the segments it may have. */
@Timeout(60)
class FullDiskTest {
  private static final Topic QUEUE = Topic.queue("queue");
  private static final int MANY = 3_000;

  @TempDir Path folder;

  @Test
  void refuses_what_comes_at_once_and_does_not_fit_and_takes_more_when_it_is_handled() {
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "fsync");
      List<CompletionStage<Void>> stages = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        stages.add(publish(broker));
      }
      List<Code> codes = stages.stream().map(FullDiskTest::code).toList();
      assertThat(codes).containsOnly(Code.OK, Code.RESOURCE_EXHAUSTED);
      int taken = Collections.frequency(codes, Code.OK);
      assertThat(taken).isBetween(100, MANY - 1);
      AtomicInteger handled = new AtomicInteger();
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          100,
          delivery -> delivery.settle(Outcome.DONE).thenRun(handled::incrementAndGet));
      await().until(() -> handled.get() == taken);
      await().until(() -> code(publish(broker)) == Code.OK);
    }
  }

  @Test
  void takes_retries_without_end_while_it_is_full() {
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "page-cache");
      int taken = fill(broker);
      AtomicInteger handled = new AtomicInteger();
      Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          1_000,
          delivery -> {
            boolean again = delivery.attempts() < 60;
            var unused =
                delivery
                    .settle(again ? new Outcome.RetryAfter(Duration.ofMillis(1)) : Outcome.DONE)
                    .whenComplete((done, failure) -> {
                      if (failure != null) {
                        failures.add(failure);
                      } else if (!again) {
                        handled.incrementAndGet();
                      }
                    });
          });
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> handled.get() == taken || !failures.isEmpty());
      assertThat(failures).isEmpty();
      await().until(() -> code(publish(broker)) == Code.OK);
    }
  }

  @Test
  void gives_up_no_more_than_there_is_room_for_and_the_rest_when_dead_letters_are_purged() {
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "page-cache");
      int taken = fill(broker);
      var why = com.google.rpc.Status.newBuilder().setCode(3).setMessage("x".repeat(5_000)).build();
      AtomicInteger delivered = new AtomicInteger();
      AtomicInteger dead = new AtomicInteger();
      Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          MANY,
          delivery -> {
            delivered.incrementAndGet();
            var unused =
                delivery
                    .settle(new Outcome.Reject(why))
                    .whenComplete((done, failure) -> {
                      if (failure == null) {
                        dead.incrementAndGet();
                      } else {
                        failures.add(failure);
                      }
                    });
          });
      await().until(() -> delivered.get() == taken);
      await()
          .pollInterval(Duration.ofMillis(10))
          .until(() -> {
            int unused = broker.deadLetters(QUEUE, Topic.WORKERS).purge(letter -> true);
            return dead.get() == taken || !failures.isEmpty();
          });
      assertThat(failures).isEmpty();
      assertThat(delivered).hasValue(taken);
      int unused = broker.deadLetters(QUEUE, Topic.WORKERS).purge(letter -> true);
      await().until(() -> code(publish(broker)) == Code.OK);
    }
  }

  @Test
  void does_not_get_full_of_past_events() {
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "page-cache");
      Topic events = Topic.events("events");
      for (int i = 0; i < MANY; i++) {
        if (code(broker.publish(events, message())) != Code.OK) {
          await().until(() -> code(broker.publish(events, message())) == Code.OK);
        }
      }
    }
  }

  @Test
  void is_emptied_after_it_was_opened_again() {
    int taken;
    try (Anywire anywire = anywire()) {
      taken = fill(open(anywire, "page-cache"));
    }
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "page-cache");
      AtomicInteger handled = new AtomicInteger();
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          100,
          delivery -> delivery.settle(Outcome.DONE).thenRun(handled::incrementAndGet));
      await().until(() -> handled.get() == taken);
      await().until(() -> code(publish(broker)) == Code.OK);
    }
  }

  /** Publishes one after the other for as long as they are taken; how many were. */
  private static int fill(Broker broker) {
    for (int taken = 0; taken < MANY; taken++) {
      if (code(publish(broker)) == Code.RESOURCE_EXHAUSTED) {
        return taken;
      }
    }
    throw new AssertionError("it took " + MANY);
  }

  private static CompletionStage<Void> publish(Broker broker) {
    return broker.publish(QUEUE, message());
  }

  private static Message message() {
    return Message.of(ByteString.copyFrom(new byte[1_000]));
  }

  private static Code code(CompletionStage<Void> stage) {
    try {
      Object unused = stage.toCompletableFuture().join();
      return Code.OK;
    } catch (CompletionException e) {
      return Status.fromThrowable(e).getCode();
    }
  }

  private static Anywire anywire() {
    return Anywire.builder().application("test").build();
  }

  private Broker open(Anywire anywire, String durability) {
    String parameters = "?capacity=1&segment=256KiB&durability=" + durability;
    return anywire.broker("disk:" + folder + parameters);
  }
}
