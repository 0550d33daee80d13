package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.anywire.broker.embedded.journal.StoreLock;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a broker on disk does. */
@Timeout(60)
class DiskBrokerTest {
  private static final Topic QUEUE = Topic.queue("queue");
  private static final Topic EVENTS = Topic.events("events");

  @TempDir Path folder;

  @Test
  void keeps_one_of_everything_while_it_is_closed() {
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "");
      broker.subscribe(EVENTS, "early", 1, delivery -> {}).close();
      publish(broker, EVENTS, "event");
      Queue<Delivery> held = new ConcurrentLinkedQueue<>();
      var subscription = broker.subscribe(QUEUE, Topic.WORKERS, 10, held::add);
      publish(broker, QUEUE, "done", "dead", "again", "left");
      await().until(() -> held.size() == 4);
      settle(held, Outcome.DONE);
      settle(held, new Outcome.Reject(Status.newBuilder().setCode(3).setMessage("why").build()));
      settle(held, new Outcome.RetryAfter(Duration.ofHours(1)));
      subscription.close();
      done(broker.publish(new Publication(QUEUE, message("later"), Duration.ofHours(2))));
      done(broker.results().put("id", message("result"), Duration.ofHours(1)));
      done(broker.results().choose("id", 7, Duration.ofHours(1)));
    }
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "");
      assertThat(broker.operations().topics()).containsExactlyInAnyOrder(QUEUE, EVENTS);
      assertThat(broker.operations().peek(QUEUE, Topic.WORKERS, 9))
          .extracting(waiting -> waiting.message().id() + " " + waiting.attempts())
          .containsExactly("again 1", "left 0", "later 0");
      var letter = broker.deadLetters(QUEUE, Topic.WORKERS).list(9).getFirst();
      assertThat(letter.message().id()).isEqualTo("dead");
      assertThat(letter.status().getMessage()).isEqualTo("why");
      assertThat(done(broker.results().get("id")).map(Message::id)).contains("result");
      assertThat(done(broker.results().choose("id", 8, Duration.ofHours(1)))).isFalse();
      assertThat(broker.operations().peek(EVENTS, "early", 9)).hasSize(1);
      Queue<Delivery> past = new ConcurrentLinkedQueue<>();
      var options = new SubscribeOptions(1, false, SubscribeOptions.BEGINNING);
      broker.subscribe(EVENTS, "late", options, past::add);
      await().until(() -> past.size() == 1);
    }
  }

  @Test
  void lets_the_next_of_a_key_come_after_one_that_was_retried_and_died_before_it_was_closed() {
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "");
      Queue<Delivery> held = new ConcurrentLinkedQueue<>();
      var subscription = broker.subscribe(QUEUE, Topic.WORKERS, 10, held::add);
      done(broker.publish(QUEUE, keyed("first")));
      done(broker.publish(QUEUE, keyed("second")));
      await().until(() -> held.size() == 1);
      settle(held, new Outcome.RetryAfter(Duration.ofMillis(1)));
      await().until(() -> held.size() == 1);
      settle(held, new Outcome.Reject(Status.newBuilder().setCode(3).build()));
      subscription.close();
    }
    try (Anywire anywire = anywire()) {
      Queue<String> seen = new ConcurrentLinkedQueue<>();
      open(anywire, "")
          .subscribe(QUEUE, Topic.WORKERS, 10, delivery -> seen.add(delivery.message().id()));
      await().until(() -> seen.contains("second"));
    }
  }

  @Test
  void reads_back_more_for_one_who_has_room_though_nothing_is_settled() {
    int settled = 5_000;
    int count = settled + 30_000; // Of these, 27,768 are in memory.
    AtomicInteger seen = new AtomicInteger();
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "?durability=page-cache");
      List<CompletionStage<Void>> stages = new ArrayList<>();
      IntStream.range(0, count).forEach(i -> stages.add(broker.publish(QUEUE, message("" + i))));
      stages.forEach(DiskBrokerTest::done);
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          count,
          delivery -> {
            if (seen.incrementAndGet() <= settled) {
              done(delivery.settle(Outcome.DONE));
            }
          });

      await().until(() -> seen.get() == count);
    }
  }

  @Test
  void reads_back_in_order_what_does_not_fit_into_memory() {
    int count = 100_000;
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "?durability=page-cache");
      List<CompletionStage<Void>> stages = new ArrayList<>();
      IntStream.range(0, count).forEach(i -> stages.add(broker.publish(QUEUE, message("" + i))));
      stages.forEach(DiskBrokerTest::done);
      var half =
          broker.subscribe(
              QUEUE,
              Topic.WORKERS,
              100,
              delivery -> {
                seen.add(delivery.message().id());
                var unused = delivery.settle(Outcome.DONE);
              });
      await().until(() -> seen.size() > count / 2);
      half.close();
    }
    try (Anywire anywire = anywire()) {
      open(anywire, "?durability=page-cache")
          .subscribe(
              QUEUE,
              Topic.WORKERS,
              100,
              delivery -> {
                seen.add(delivery.message().id());
                var unused = delivery.settle(Outcome.DONE);
              });
      await().until(() -> seen.size() >= count);
    }
    assertThat(seen)
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(i -> "" + i).toList());
  }

  @Test
  void names_who_has_the_store() throws IOException {
    try (StoreLock unused = StoreLock.take(folder)) {
      assertThatThrownBy(() -> open(anywire(), ""))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining(folder.toRealPath() + "/lock is locked by process ")
          .hasMessageContaining("" + ProcessHandle.current().pid());
    }
    try (Anywire anywire = anywire()) {
      publish(open(anywire, ""), QUEUE, "free again");
    }
  }

  @Test
  void refuses_to_open_what_is_damaged_and_names_file_and_offset() throws IOException {
    try (Anywire anywire = anywire()) {
      publish(open(anywire, ""), QUEUE, "one");
    }
    Path checkpoint = folder.resolve("checkpoint");
    byte[] bytes = Files.readAllBytes(checkpoint);
    bytes[bytes.length / 2] ^= 1;
    Files.write(checkpoint, bytes);
    assertThatThrownBy(() -> open(anywire(), ""))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.DATA_LOSS))
        .hasMessageContaining("/checkpoint is damaged at offset 0");
  }

  @Test
  void pushes_publishers_back_when_it_is_full_and_takes_again_when_it_is_not() {
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, "?capacity=2&segment=512KiB");
      AtomicInteger taken = new AtomicInteger();
      Message large =
          message("large").toBuilder().payload(ByteString.copyFrom(new byte[60_000])).build();
      await()
          .until(() -> {
            try {
              done(broker.publish(QUEUE, large));
              taken.incrementAndGet();
              return false;
            } catch (StatusRuntimeException e) {
              return e.getStatus().getCode() == Code.RESOURCE_EXHAUSTED;
            }
          });
      assertThat(taken.get()).isBetween(8, 32);
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          10,
          delivery -> {
            var unused = delivery.settle(Outcome.DONE);
          });
      await()
          .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
          .until(() -> {
            done(broker.publish(QUEUE, large));
            return true;
          });
    }
  }

  @Test
  void lets_a_message_that_nobody_handles_keep_no_more_room_than_its_own() {
    String parameters = "?capacity=4&segment=256KiB&durability=page-cache&history=0";
    byte[] payload = new byte[10_000];
    Topic stuck = Topic.queue("stuck");
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, parameters);
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          10,
          delivery -> {
            var unused = delivery.settle(Outcome.DONE);
          });
      // Twenty times what the store may take; without copies every segment would be kept.
      for (int i = 0; i < 80; i++) {
        publish(broker, stuck, "stuck " + i);
        for (int j = 0; j < 100; j++) {
          publishPatiently(
              broker, message("x").toBuilder().payload(ByteString.copyFrom(payload)).build());
        }
      }
    }
    try (Anywire anywire = anywire()) {
      assertThat(open(anywire, parameters).operations().peek(stuck, Topic.WORKERS, 100))
          .extracting(waiting -> waiting.message().id())
          .containsExactlyElementsOf(IntStream.range(0, 80).mapToObj(i -> "stuck " + i).toList());
    }
  }

  @Test
  void copies_nothing_of_a_backlog_that_is_worked_off() throws Exception {
    String parameters = "?segment=256KiB&checkpoint=64KiB&durability=page-cache";
    try (Anywire anywire = anywire()) {
      Broker broker = open(anywire, parameters);
      IntStream.range(0, 1_000).forEach(i -> publishKilobyte(broker));
      BlockingQueue<Delivery> held = new LinkedBlockingQueue<>();
      broker.subscribe(QUEUE, Topic.WORKERS, 10, held::add);
      // As many come as go, over several segments.
      for (int i = 0; i < 2_000; i++) {
        publishKilobyte(broker);
        done(held.take().settle(Outcome.DONE));
      }
    }
    var records = StoreInspection.of(folder).statistics().records();
    assertThat(records).containsKey("message");
    assertThat(records).doesNotContainKey("moved");
  }

  private static void publishKilobyte(Broker broker) {
    byte[] payload = new byte[1024];
    done(
        broker.publish(
            QUEUE, message("x").toBuilder().payload(ByteString.copyFrom(payload)).build()));
  }

  /** Waits while there is no room: what was settled makes some, a moment later. */
  private static void publishPatiently(Broker broker, Message message) {
    await()
        .pollDelay(Duration.ZERO)
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .until(() -> {
          done(broker.publish(QUEUE, message));
          return true;
        });
  }

  @Test
  void stays_open_when_callers_are_interrupted() {
    try (Anywire anywire = anywire()) {
      Thread.currentThread().interrupt();
      Broker broker = open(anywire, "");
      assertThat(Thread.interrupted()).isTrue();
      AtomicInteger handled = new AtomicInteger();
      broker.subscribe(
          QUEUE,
          Topic.WORKERS,
          10,
          delivery -> {
            Thread.currentThread().interrupt();
            delivery.settle(Outcome.DONE).thenRun(handled::incrementAndGet);
            boolean unused = Thread.interrupted();
          });
      for (int i = 0; i < 500; i++) {
        Thread.currentThread().interrupt();
        CompletionStage<Void> publishing = broker.publish(QUEUE, message("" + i));
        int waiting = broker.deadLetters(QUEUE, Topic.WORKERS).list(1).size();
        assertThat(waiting).isZero();
        assertThat(Thread.interrupted()).isTrue();
        done(publishing);
      }
      await().until(() -> handled.get() == 500);
    }
  }

  private static Anywire anywire() {
    return Anywire.builder().application("app").build();
  }

  private Broker open(Anywire anywire, String parameters) {
    return anywire.broker("disk:" + folder + parameters);
  }

  private static void publish(Broker broker, Topic topic, String... ids) {
    for (String id : ids) {
      done(broker.publish(topic, message(id)));
    }
  }

  private static void settle(Queue<Delivery> held, Outcome outcome) {
    done(held.remove().settle(outcome));
  }

  private static Message keyed(String id) {
    return message(id).toBuilder().attribute(Message.KEY, "key").build();
  }

  private static Message message(String id) {
    return Message.builder().attribute("id", id).build();
  }

  private static <T> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof StatusRuntimeException status ? status : e;
    }
  }
}
