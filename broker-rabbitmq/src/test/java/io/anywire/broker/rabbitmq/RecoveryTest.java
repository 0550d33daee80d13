package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.SOON;
import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.failure;
import static io.anywire.broker.rabbitmq.Rabbits.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Publication;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Topic;
import io.anywire.testing.FreePorts;
import io.anywire.testing.RabbitMq;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final Duration RESTARTED = Duration.ofSeconds(60);

  @Test
  void says_within_seconds_that_it_cannot_reach_the_broker() {
    int port = FreePorts.next();

    assertThatThrownBy(() -> Rabbits.open("rabbitmq://127.0.0.1:" + port))
        .hasMessage(
            "UNAVAILABLE: cannot reach RabbitMQ at 127.0.0.1:" + port + ": connection refused");
  }

  @Test
  void says_so_when_the_broker_refuses_the_user_or_the_virtual_host() {
    int port = RabbitMq.shared().port();

    assertThatThrownBy(() -> Rabbits.open("rabbitmq://guest:wrong@127.0.0.1:" + port))
        .hasMessage("UNAUTHENTICATED: RabbitMQ at 127.0.0.1:" + port + " refuses the user 'guest'");
    assertThatThrownBy(() -> Rabbits.open("rabbitmq://127.0.0.1:" + port + "/none"))
        .hasMessageStartingWith("PERMISSION_DENIED")
        .hasMessageContaining("vhost none not found");
  }

  @Test
  void flushes_at_close_and_does_nothing_afterwards() {
    Broker broker = Rabbits.open(RabbitMq.shared().url());
    Topic queue = Topic.queue(Rabbits.fresh("closed"));
    CompletableFuture<Void> last = broker.publish(queue, text("last")).toCompletableFuture();

    broker.close();
    broker.close();

    assertThat(last).succeedsWithin(SOON);
    assertThat(failure(broker.publish(queue, text("late"))).getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThatThrownBy(() -> broker.subscribe(queue, Topic.WORKERS, 1, d -> {}))
        .hasMessageStartingWith("UNAVAILABLE");
  }

  @Test
  void loses_nothing_acknowledged_when_the_broker_is_killed_and_carries_on_when_it_is_back() {
    Topic tasks = Topic.queue("tasks");
    Topic news = Topic.events("news");
    Set<String> handled = ConcurrentHashMap.newKeySet();
    Received reader = new Received();
    try (RabbitMq rabbit = RabbitMq.start();
        Broker broker = Rabbits.open(rabbit.url())) {
      broker.subscribe(news, "readers", 10, reader);
      done(broker.publish(news, text("read me later")));
      done(reader.next().settle(new Outcome.RetryAfter(Duration.ofSeconds(5))));
      done(broker.results().put("r", text("result"), Duration.ofHours(1)));
      broker.subscribe(
          tasks,
          Topic.WORKERS,
          5,
          delivery -> {
            handled.add(delivery.message().id());
            delivery.settle(Outcome.DONE);
          });
      awaitQueuesOnDisk(broker);
      Map<String, CompletableFuture<Void>> published = publish(broker, tasks, 3000);
      await().atMost(SOON).until(() -> handled.size() > 100);

      rabbit.kill();

      List<String> acknowledged = acknowledged(published);
      assertThat(failure(broker.publish(tasks, text("x"))).getCode()).isEqualTo(Code.UNAVAILABLE);
      rabbit.restart();
      await().atMost(RESTARTED).until(() -> handled.containsAll(acknowledged));
      assertThat(reader.next().attempts()).isEqualTo(1);
      // Each of the broker's connections comes back in its own time; until then it says
      // UNAVAILABLE.
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(done(broker.results().get("r"))).isPresent());
      await().atMost(SOON).untilAsserted(() -> done(broker.publish(news, text("new"))));
      assertThat(reader.awaitTexts(1)).contains("new");
    }
  }

  @Test
  void waits_for_a_place_no_longer_than_the_publisher_has_patience_while_the_broker_hangs() {
    Topic queue = Topic.queue("hanging");
    try (RabbitMq rabbit = RabbitMq.start();
        Broker broker = Rabbits.open(rabbit.url())) {
      done(broker.publish(queue, text("first")));
      rabbit.freeze();
      Map<String, CompletableFuture<Void>> unanswered = publish(broker, queue, Publisher.PLACES);
      Publication hurried = new Publication(queue, text("x")).within(Duration.ofMillis(100));
      long begun = System.nanoTime();
      assertThat(failure(broker.publish(hurried)).getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Publisher.PLACE_TIMEOUT);
      rabbit.thaw();
      unanswered.values().forEach(Rabbits::done);
    }
  }

  @Test
  void remembers_how_often_a_parked_message_was_tried_when_the_server_ends_its_channel() {
    Topic events = Topic.events("impatient");
    Received worker = new Received();
    try (RabbitMq rabbit = impatient();
        Broker broker = Rabbits.open(rabbit.url() + "?consumer-timeout=2s")) {
      SubscribeOptions ordered = new SubscribeOptions(10, true, SubscribeOptions.NOW);
      broker.subscribe(events, "mail", ordered, worker);
      for (String text : List.of("first", "behind")) {
        done(broker.publish(events, text(text).toBuilder().attribute(Message.KEY, "k").build()));
      }
      done(worker.next().settle(new Outcome.RetryAfter(Duration.ofMillis(50))));
      done(worker.next().settle(new Outcome.RetryAfter(Duration.ofMinutes(5))));

      Delivery again = worker.next();

      assertThat(again.message().payload().toStringUtf8()).isEqualTo("first");
      assertThat(again.attempts()).isEqualTo(2);
      assertThat(again.crashes()).isZero();
      done(again.settle(Outcome.DONE));
      assertThat(worker.next().message().payload().toStringUtf8()).isEqualTo("behind");
    }
  }

  /** Ends channels on which something was not acknowledged within 2 s, and looks twice a second. */
  private static RabbitMq impatient() {
    RabbitMq rabbit = RabbitMq.start("consumer_timeout = 2000\n");
    rabbit.evaluate("application:set_env(rabbit, channel_tick_interval, 500).");
    return rabbit;
  }

  /**
   * Waits until the broker would know all its queues after a crash. RabbitMQ writes down where the
   * log of a new quorum queue is only half a second after the last such queue was made; one that is
   * younger comes back empty and without a leader, whatever was confirmed. A rest of a second in a
   * queue of its own, made last, outlasts that.
   */
  private static void awaitQueuesOnDisk(Broker broker) {
    Topic pause = Topic.queue("pause");
    Received rested = new Received();
    broker.subscribe(pause, Topic.WORKERS, 1, rested);
    done(broker.publish(pause, text("rest")));
    done(rested.next().settle(new Outcome.RetryAfter(Duration.ofSeconds(1))));
    Delivery back = rested.next();
    assertThat(back.attempts()).isEqualTo(1);
    done(back.settle(Outcome.DONE));
  }

  /** Publishes without waiting, so that some are on their way when something happens. */
  private static Map<String, CompletableFuture<Void>> publish(Broker broker, Topic to, int count) {
    Map<String, CompletableFuture<Void>> published = new HashMap<>();
    for (int i = 0; i < count; i++) {
      Message message = text("" + i);
      published.put(message.id(), broker.publish(to, message).toCompletableFuture());
    }
    return published;
  }

  /** The ids of those that succeeded; the others have failed as they should. */
  private static List<String> acknowledged(Map<String, CompletableFuture<Void>> published) {
    await()
        .atMost(SOON)
        .until(() -> published.values().stream().allMatch(CompletableFuture::isDone));
    assertThat(published.values())
        .filteredOn(CompletableFuture::isCompletedExceptionally)
        .allSatisfy(f -> assertThat(failure(f).getCode()).isEqualTo(Code.UNAVAILABLE));
    List<String> ids =
        published.keySet().stream()
            .filter(id -> !published.get(id).isCompletedExceptionally())
            .toList();
    assertThat(ids).isNotEmpty();
    return ids;
  }
}
