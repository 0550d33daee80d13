package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.SOON;
import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.failure;
import static io.anywire.broker.rabbitmq.Rabbits.fresh;
import static io.anywire.broker.rabbitmq.Rabbits.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.testing.RabbitMq;
import io.grpc.Status.Code;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueTest {
  private static final String WORKERS = Topic.WORKERS;

  private final Broker broker = Rabbits.open(RabbitMq.shared().url());
  private final Topic queue = Topic.queue(fresh("tasks"));
  private final Topic events = Topic.events(fresh("events"));
  private final Received worker = new Received();

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void what_was_acknowledged_does_not_come_again_after_a_close() {
    int count = 2_000;
    AtomicInteger settled = new AtomicInteger();
    Subscription workers =
        broker.subscribe(
            queue,
            WORKERS,
            500,
            delivery ->
                Thread.startVirtualThread(() -> {
                  done(delivery.settle(Outcome.DONE));
                  settled.incrementAndGet();
                }));
    IntStream.range(0, count)
        .mapToObj(i -> broker.publish(queue, Message.of(ByteString.copyFromUtf8("" + i))))
        .toList()
        .forEach(Rabbits::done);
    await().atMost(SOON).until(() -> settled.get() == count);
    workers.close();
    assertThat(broker.operations().state(queue, WORKERS).ready()).hasValue(0);
  }

  /** RabbitMQ refuses what comes before the queue runs, and says already that it is there. */
  @Test
  void takes_first_messages_while_others_declare_the_queue() throws Exception {
    try (Broker second = Rabbits.open(RabbitMq.shared().url());
        Broker third = Rabbits.open(RabbitMq.shared().url());
        ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 30; round++) {
        Topic fresh = Topic.queue(fresh("tasks"));
        together
            .invokeAll(
                Stream.of(broker, second, third)
                    .<Callable<Void>>map(b -> () -> done(b.publish(fresh, Rabbits.text("early"))))
                    .toList())
            .forEach(published -> assertThat(published).succeedsWithin(SOON));
      }
    }
  }

  @Test
  void keeps_what_was_published_before_the_first_worker_came() {
    publish(broker, queue, "early");

    broker.subscribe(queue, WORKERS, 10, worker);

    Delivery delivery = worker.next();
    assertThat(delivery.message().payload().toStringUtf8()).isEqualTo("early");
    assertThat(delivery.attempts()).isZero();
    assertThat(delivery.crashes()).isZero();
    done(delivery.settle(Outcome.DONE));
  }

  @Test
  void carries_attributes_headers_and_bytes_unchanged() {
    Message message =
        Message.builder()
            .attribute("type", "shop.v1.UserService.CreateUser")
            .attribute("source", "//users/ä")
            .attribute("datacontenttype", "application/protobuf")
            .attribute("partitionkey", "k".repeat(300))
            .header("grpc-tenant", "größe")
            .header("x-request-id", "")
            .payload(ByteString.copyFrom(new byte[] {0, -1, 2}))
            .build();
    broker.subscribe(queue, WORKERS, 1, worker);

    done(broker.publish(queue, message));

    assertThat(worker.next().message()).isEqualTo(message);
  }

  @Test
  void gives_each_message_to_one_of_the_workers_that_share_a_queue() {
    Received other = new Received();
    broker.subscribe(queue, WORKERS, 5, worker);
    try (Broker second = Rabbits.open(RabbitMq.shared().url())) {
      second.subscribe(queue, WORKERS, 5, other);

      publish(broker, queue, IntStream.range(0, 10).mapToObj(i -> "" + i).toArray(String[]::new));

      await().atMost(SOON).until(() -> worker.count() + other.count() == 10);
      assertThat(worker.count()).isEqualTo(5);
      assertThat(Stream.concat(worker.texts().stream(), other.texts().stream()))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void delivers_no_more_at_a_time_than_the_subscription_bears() {
    broker.subscribe(queue, WORKERS, 2, worker);
    publish(broker, queue, "a", "b", "c");
    assertThat(worker.awaitTexts(2)).containsExactly("a", "b");

    done(worker.next().settle(Outcome.DONE));

    assertThat(worker.awaitTexts(2)).containsExactly("b", "c");
  }

  @Test
  void gives_each_event_subscription_its_own_copy() {
    Received other = new Received();
    publish(broker, events, "before anybody subscribed");
    broker.subscribe(events, "mail", 10, worker);
    broker.subscribe(events, "bills", 10, other);

    publish(broker, events, "placed");

    assertThat(worker.awaitTexts(1)).containsExactly("placed");
    assertThat(other.awaitTexts(1)).containsExactly("placed");
  }

  @Test
  void redelivers_when_the_connection_is_lost_before_the_message_is_settled() {
    broker.subscribe(queue, WORKERS, 1, worker);
    publish(broker, queue, "work");
    Delivery lost = worker.next();

    broker.unwrap(Connection.class).orElseThrow().abort();

    Delivery again = worker.next();
    assertThat(again.message()).isEqualTo(lost.message());
    assertThat(again.attempts()).isZero();
    assertThat(again.crashes()).isEqualTo(1);
    assertThat(failure(lost.settle(Outcome.DONE)).getCode()).isEqualTo(Code.UNAVAILABLE);
    done(again.settle(Outcome.DONE));
  }

  @Test
  void counts_what_a_holder_abandoned_as_a_crash() {
    Subscription subscription = broker.subscribe(queue, WORKERS, 1, worker);
    publish(broker, queue, "work");
    Delivery unused = worker.next();

    subscription.abandon();

    broker.subscribe(queue, WORKERS, 1, worker);
    assertThat(worker.next().crashes()).isEqualTo(1);
  }

  @Test
  void delivers_nothing_after_stop_and_still_settles_what_is_in_flight() {
    Subscription subscription = broker.subscribe(queue, WORKERS, 10, worker);
    publish(broker, queue, "in flight");
    Delivery inFlight = worker.next();

    subscription.stop();
    publish(broker, queue, "later");
    done(inFlight.settle(Outcome.DONE));
    subscription.close();

    assertThat(worker.count()).isZero();
    broker.subscribe(queue, WORKERS, 10, worker);
    assertThat(worker.awaitTexts(1)).containsExactly("later");
  }

  @Test
  void understands_messages_of_others() throws Exception {
    broker.subscribe(queue, WORKERS, 10, worker);
    var properties =
        new BasicProperties.Builder()
            .messageId("m-1")
            .type("shop.v1.UserService.CreateUser")
            .contentType("application/json")
            .headers(Map.of("cloudEvents:source", "elsewhere", "Retries", 3))
            .build();
    try (Channel channel = broker.unwrap(Connection.class).orElseThrow().createChannel()) {
      channel.basicPublish("", Names.queue(queue, WORKERS), properties, new byte[] {'{', '}'});
      channel.basicPublish("", Names.queue(queue, WORKERS), null, new byte[0]);
    }

    Message first = worker.next().message();
    assertThat(first.attributes())
        .containsOnly(
            Map.entry("id", "m-1"),
            Map.entry("type", "shop.v1.UserService.CreateUser"),
            Map.entry("datacontenttype", "application/json"),
            Map.entry("source", "elsewhere"));
    assertThat(first.headers()).containsOnly(Map.entry("retries", "3"));
    assertThat(worker.next().message().id()).isNotEmpty();
  }

  @Test
  void subscribes_again_when_the_queue_was_deleted() throws Exception {
    broker.subscribe(queue, WORKERS, 10, worker);
    publish(broker, queue, "before");
    done(worker.next().settle(Outcome.DONE));

    try (Channel channel = broker.unwrap(Connection.class).orElseThrow().createChannel()) {
      channel.queueDelete(Names.queue(queue, WORKERS));
    }

    await()
        .atMost(SOON)
        .ignoreExceptions()
        .untilAsserted(() -> {
          publish(broker, queue, "after");
          assertThat(worker.count()).isPositive();
        });
  }

  @Test
  void says_so_when_a_queue_of_that_name_has_other_settings() throws Exception {
    try (Channel channel = broker.unwrap(Connection.class).orElseThrow().createChannel()) {
      channel.queueDeclare(Names.queue(queue, WORKERS), true, false, false, Map.of());
    }

    var failure = failure(broker.publish(queue, Rabbits.text("work")));

    assertThat(failure.getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(failure.getDescription()).contains("inequivalent arg 'x-queue-type'", queue.name());
    assertThatThrownBy(() -> broker.subscribe(queue, WORKERS, 1, worker))
        .hasMessageContaining("inequivalent arg 'x-queue-type'");
  }

  @Test
  void refuses_what_is_too_large_and_stays_usable() {
    byte[] large = new byte[broker.capabilities().maxMessageBytes()];
    Message larger = Message.of(ByteString.copyFrom(large).concat(ByteString.copyFromUtf8("+")));
    Message heavy = Message.builder().header("grpc-heavy", "x".repeat(100_000)).build();

    var tooLarge = failure(broker.publish(queue, larger));
    var tooHeavy = failure(broker.publish(queue, heavy));
    done(broker.publish(queue, Message.of(ByteString.copyFrom(large))));

    assertThat(tooLarge.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(tooLarge.getDescription())
        .isEqualTo("payload: 16777217 bytes (expected: <= 16777216)");
    assertThat(tooHeavy.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    broker.subscribe(queue, WORKERS, 10, worker);
    assertThat(worker.next().message().payload().size()).isEqualTo(large.length);
  }
}
