package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.SOON;
import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.publish;
import static io.anywire.broker.rabbitmq.Rabbits.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Status;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.Operations.Tail;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.testing.RabbitMq;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OperationsTest {
  private static final SubscribeOptions ORDERED =
      new SubscribeOptions(4, true, SubscribeOptions.NOW);

  private final String url = RabbitMq.shared().emptyHostUrl();
  private final Broker broker = Rabbits.open(url);
  private final Operations operations = broker.operations();
  private final Topic queue = Topic.queue("tasks");
  private final Topic events = Topic.events("a/b ü");
  private final Received worker = new Received();

  @AfterEach
  void close() {
    broker.close();
  }

  @Test
  void knows_no_topic_of_a_broker_that_nobody_used() {
    assertThat(operations.topics()).isEmpty();
    assertThat(operations.subscriptions(queue)).isEmpty();
    assertThat(operations.subscriptions(events)).isEmpty();
  }

  @Test
  void lists_what_was_published_to_and_subscribed_to_by_anybody_on_any_connection() {
    Topic calls = Topic.calls("tasks");
    publish(broker, queue, "a");
    try (Broker other = Rabbits.open(url)) {
      other.subscribe(events, "mails", 1, worker);
      other.subscribe(events, "bills/x", ORDERED, worker);
      other.subscribe(calls, Topic.WORKERS, 1, worker);
      assertThat(operations.topics()).containsExactlyInAnyOrder(queue, events, calls);
    }

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(operations.topics()).containsExactlyInAnyOrder(queue, events));
    assertThat(operations.subscriptions(events)).containsExactlyInAnyOrder("mails", "bills/x");
    assertThat(operations.subscriptions(queue)).containsExactly(Topic.WORKERS);
    assertThat(operations.subscriptions(calls)).isEmpty();
  }

  @Test
  void lists_everything_when_many_use_their_first_topics_at_once() {
    List<Topic> topics = IntStream.range(0, 40).mapToObj(i -> Topic.events("t" + i)).toList();
    List<Broker> brokers = Stream.generate(() -> Rabbits.open(url)).limit(3).toList();
    topics.stream()
        .flatMap(topic -> brokers.stream().map(b -> b.publish(topic, text("x"))))
        .toList()
        .forEach(Rabbits::done);

    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(operations.topics()).containsExactlyInAnyOrderElementsOf(topics));
    brokers.forEach(Broker::close);
  }

  @Test
  void does_not_write_down_again_what_is_known() throws Exception {
    publish(broker, queue, "a");
    try (Broker other = Rabbits.open(url)) {
      publish(other, queue, "b");
    }
    publish(broker, Topic.queue("last"), "c");

    Connection connection = broker.unwrap(Connection.class).orElseThrow();
    await()
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
        .untilAsserted(() ->
            assertThat(RegistryReader.all(connection, Names.registry()))
                .containsExactlyInAnyOrder(
                    new RegistryEntry(queue, ""), new RegistryEntry(Topic.queue("last"), "")));
  }

  @Test
  void no_longer_lists_what_was_deleted() throws Exception {
    publish(broker, queue, "a");
    try (Channel channel = broker.unwrap(Connection.class).orElseThrow().createChannel()) {
      channel.queueDelete(Names.queue(queue, Topic.WORKERS));
    }

    assertThat(operations.topics()).isEmpty();
  }

  @Test
  void counts_what_is_ready_and_dead_and_who_is_there() {
    publish(broker, queue, "a", "b", "c");
    try (Subscription workers = broker.subscribe(queue, Topic.WORKERS, 1, worker)) {
      done(worker.next().settle(new Outcome.Reject(Status.newBuilder().setCode(3).build())));
      worker.next();

      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            SubscriptionState state = operations.state(queue, Topic.WORKERS);
            assertThat(state.ready()).hasValue(1);
            assertThat(state.dead()).hasValue(1);
            assertThat(state.consumers()).hasValue(1);
            assertThat(state.inFlight()).isEmpty();
            assertThat(state.resting()).isEmpty();
          });
    }
  }

  @Test
  void counts_and_purges_the_partitions_of_a_subscription_that_keeps_order() {
    broker.subscribe(events, "mails", ORDERED, worker).close();
    for (int i = 0; i < 20; i++) {
      done(
          broker.publish(
              events, text("" + i).toBuilder().attribute("partitionkey", "k" + i).build()));
    }
    publish(broker, events, "without a key");

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(operations.state(events, "mails").ready()).hasValue(21));
    assertThat(operations.purge(events, "mails")).isEqualTo(21);
    assertThat(operations.state(events, "mails").ready()).hasValue(0);
    publish(broker, events, "next");
    assertThat(operations.seek(events, "mails", SubscribeOptions.NOW)).isZero();
    assertThat(operations.state(events, "mails").ready()).hasValue(0);
  }

  @Test
  void shows_copies_of_events_with_and_without_a_key_and_takes_none() throws Exception {
    broker.subscribe(events, "mails", ORDERED, worker).close();
    BlockingQueue<Message> seen = new LinkedBlockingQueue<>();
    Message keyed = text("keyed").toBuilder().attribute(Message.KEY, "k").build();
    try (Tail tail = operations.tail(events, seen::add)) {
      publish(broker, events, "plain");
      assertThat(seen.poll(20, TimeUnit.SECONDS).payload().toStringUtf8()).isEqualTo("plain");
      done(broker.publish(events, keyed));
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(keyed);
    }
    publish(broker, events, "later");

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(operations.state(events, "mails").ready()).hasValue(3));
    assertThat(seen).isEmpty();
  }

  @Test
  void refuses_by_name_what_the_engine_lacks() {
    broker.subscribe(events, "mails", 1, worker).close();
    publish(broker, queue, "a");

    assertThatThrownBy(() -> operations.seek(events, "mails", SubscribeOptions.BEGINNING))
        .hasMessage("UNIMPLEMENTED: RabbitMQ lacks the capability 'replay'");
    assertThatThrownBy(() -> operations.peek(queue, Topic.WORKERS, 1))
        .hasMessageStartingWith("UNIMPLEMENTED: RabbitMQ lacks a look at what waits");
    assertThatThrownBy(() -> operations.tail(queue, message -> {}))
        .hasMessageStartingWith("UNIMPLEMENTED: RabbitMQ lacks copies");
  }

  @Test
  void says_what_is_not_there_and_makes_nothing() {
    for (Topic topic : List.of(queue, events, Topic.calls("c"))) {
      assertThatThrownBy(() -> operations.state(topic, Topic.WORKERS))
          .hasMessageStartingWith("NOT_FOUND");
      assertThatThrownBy(() -> operations.purge(topic, Topic.WORKERS))
          .hasMessageStartingWith("NOT_FOUND");
      assertThatThrownBy(() -> operations.tail(topic, message -> {}))
          .hasMessageStartingWith("NOT_FOUND");
    }
    assertThatThrownBy(() -> operations.state(queue, "others")).hasMessageStartingWith("NOT_FOUND");
    assertThatThrownBy(() -> operations.seek(queue, Topic.WORKERS, SubscribeOptions.NOW))
        .hasMessageStartingWith("INVALID_ARGUMENT");
    assertThat(operations.topics()).isEmpty();
  }

  @Test
  void lists_the_same_after_a_crash_of_the_broker_and_goes_on_noting() {
    try (RabbitMq rabbit = RabbitMq.start();
        Broker crashing = Rabbits.open(rabbit.url())) {
      publish(crashing, queue, "a");
      crashing.subscribe(events, "mails", 1, worker);
      // RabbitMQ loses a queue that is younger than about half a second when it crashes.
      await()
          .atMost(SOON)
          .during(Duration.ofSeconds(2))
          .until(() -> crashing.operations().topics().size() == 2);
      rabbit.kill();
      rabbit.restart();

      await()
          .atMost(SOON.multipliedBy(3))
          .ignoreExceptions()
          .untilAsserted(() ->
              assertThat(crashing.operations().topics()).containsExactlyInAnyOrder(queue, events));
      await().atMost(SOON.multipliedBy(3)).until(() -> accepts(crashing, Topic.queue("new")));
      await().atMost(SOON).until(() -> crashing.operations().topics().size() == 3);
    }
  }

  /** Whether it takes a message: its connection to publish may come back later than the others. */
  private static boolean accepts(Broker broker, Topic topic) {
    return broker
        .publish(topic, text("b"))
        .thenApply(done -> true)
        .exceptionally(lost -> false)
        .toCompletableFuture()
        .join();
  }
}
