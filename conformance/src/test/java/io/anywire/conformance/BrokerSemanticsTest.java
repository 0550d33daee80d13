package io.anywire.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Inbox;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.testing.RabbitMq;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the interface of brokers guarantees, on every engine. */
class BrokerSemanticsTest {
  private static final Anywire server = Anywire.builder().application("brokers").build();
  private static final Anywire client = Anywire.builder().application("suite").build();
  private static RabbitMq rabbit;
  private static String served;

  @BeforeAll
  static void start() {
    rabbit = RabbitMq.start();
    served =
        server
            .server()
            .service(new BrokerHandler(server.broker("memory:served")))
            .listen("http://127.0.0.1:0")
            .start()
            .urls()
            .getFirst()
            .withScheme("anywire")
            .toString();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
    rabbit.close();
  }

  static Stream<String> engines() {
    return Stream.of("memory", "anywire", "rabbitmq");
  }

  private static Broker broker(String engine) {
    return client.broker(
        switch (engine) {
          case "memory" -> "memory:suite";
          case "anywire" -> served;
          default -> rabbit.url();
        });
  }

  @ParameterizedTest
  @MethodSource("engines")
  void keeps_tasks_that_were_published_before_the_first_worker_came(String engine) {
    Broker broker = broker(engine);
    Topic queue = Topic.queue(fresh("queue"));
    done(broker.publish(queue, message("early")));

    Received received = new Received(Outcome.DONE);
    try (Subscription workers = broker.subscribe(queue, Topic.WORKERS, 10, received::take)) {
      received.awaitTexts("early");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void hands_each_task_to_one_of_the_workers(String engine) {
    Broker broker = broker(engine);
    Topic queue = Topic.queue(fresh("queue"));
    Received received = new Received(Outcome.DONE);
    try (Subscription one = broker.subscribe(queue, Topic.WORKERS, 5, received::take);
        Subscription two = broker.subscribe(queue, Topic.WORKERS, 5, received::take)) {
      List<String> texts = IntStream.range(0, 200).mapToObj(i -> "task " + i).toList();
      texts.stream()
          .map(t -> broker.publish(queue, message(t)))
          .toList()
          .forEach(BrokerSemanticsTest::done);
      received.awaitTexts(texts.toArray(String[]::new));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void gives_every_event_subscription_its_own_copy(String engine) {
    Broker broker = broker(engine);
    Topic topic = Topic.events(fresh("events"));
    Received mails = new Received(Outcome.DONE);
    Received bills = new Received(Outcome.DONE);
    try (Subscription one = broker.subscribe(topic, "mails", 10, mails::take);
        Subscription two = broker.subscribe(topic, "bills", 10, bills::take)) {
      done(broker.publish(topic, message("placed")));
      mails.awaitTexts("placed");
      bills.awaitTexts("placed");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void brings_a_retried_message_back_after_its_delay_as_one_attempt_more(String engine) {
    Broker broker = broker(engine);
    Topic queue = Topic.queue(fresh("queue"));
    Received received = new Received(new Outcome.RetryAfter(Duration.ofMillis(300)), Outcome.DONE);
    try (Subscription workers = broker.subscribe(queue, Topic.WORKERS, 10, received::take)) {
      Instant published = Instant.now();
      done(broker.publish(queue, message("again")));
      received.awaitTexts("again", "again");
      assertThat(received.attempts()).containsExactly(0, 1);
      assertThat(Duration.between(published, Instant.now())).isGreaterThan(Duration.ofMillis(250));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void keeps_rejected_messages_as_dead_letters_and_replays_them(String engine) {
    Broker broker = broker(engine);
    Topic queue = Topic.queue(fresh("queue"));
    Status why = Status.newBuilder().setCode(3).setMessage("not like this").build();
    Received received = new Received(new Outcome.Reject(why), Outcome.DONE);
    try (Subscription workers = broker.subscribe(queue, Topic.WORKERS, 10, received::take)) {
      Message published = message("poison");
      done(broker.publish(queue, published));
      DeadLetters dead = broker.deadLetters(queue, Topic.WORKERS);
      await().until(() -> dead.list(10).size() == 1);
      assertThat(dead.list(10).getFirst().message()).isEqualTo(published);
      assertThat(dead.list(10).getFirst().status()).isEqualTo(why);
      assertThat(dead.list(10).getFirst().attempts()).isEqualTo(1);

      assertThat(dead.replay(letter -> letter.message().id().equals("other"))).isZero();
      assertThat(dead.replay(letter -> true)).isEqualTo(1);
      received.awaitTexts("poison", "poison");
      assertThat(received.attempts()).containsExactly(0, 0);
      assertThat(dead.list(10)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void gives_what_was_in_flight_to_others_when_a_subscription_closes(String engine) {
    Broker broker = broker(engine);
    Topic queue = Topic.queue(fresh("queue"));
    Received stuck = new Received();
    Subscription first = broker.subscribe(queue, Topic.WORKERS, 10, stuck::take);
    done(broker.publish(queue, message("in flight")));
    stuck.awaitTexts("in flight");
    Received received = new Received(Outcome.DONE);
    try (Subscription second = broker.subscribe(queue, Topic.WORKERS, 10, received::take)) {
      first.close();
      received.awaitTexts("in flight");
      assertThat(received.attempts()).containsExactly(0);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void delivers_no_more_than_may_be_in_flight(String engine) {
    Broker broker = broker(engine);
    Topic queue = Topic.queue(fresh("queue"));
    Received stuck = new Received();
    try (Subscription workers = broker.subscribe(queue, Topic.WORKERS, 3, stuck::take)) {
      IntStream.range(0, 10).forEach(i -> done(broker.publish(queue, message("task " + i))));
      await().until(() -> stuck.size() == 3);
      await().during(Duration.ofMillis(300)).until(() -> stuck.size() == 3);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void refuses_calls_that_nobody_serves(String engine) {
    CompletionStage<Void> publication =
        broker(engine).publish(Topic.calls(fresh("calls")), message("anybody?"));
    assertThatThrownBy(() -> done(publication)).hasMessageContaining("UNAVAILABLE");
  }

  @ParameterizedTest
  @MethodSource("engines")
  void carries_calls_to_a_server_and_replies_to_an_inbox(String engine) {
    Broker broker = broker(engine);
    Topic calls = Topic.calls(fresh("calls"));
    List<String> replies = Collections.synchronizedList(new ArrayList<>());
    try (Inbox inbox = broker.openInbox(reply -> replies.add(text(reply)));
        Subscription serving =
            broker.subscribe(
                calls,
                Topic.WORKERS,
                10,
                call -> {
                  broker.send(text(call.message()), message("answer"));
                  call.settle(Outcome.DONE);
                })) {
      done(broker.publish(calls, message(inbox.address())));
      await().until(() -> replies.equals(List.of("answer")));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void keeps_the_last_result_of_an_id(String engine) {
    Broker broker = broker(engine);
    String id = fresh("task");
    assertThat(done(broker.results().get(id))).isEmpty();
    done(broker.results().put(id, message("running"), Duration.ofMinutes(1)));
    done(broker.results().put(id, message("finished"), Duration.ofMinutes(1)));
    for (int i = 0; i < 3; i++) {
      Optional<Message> kept = done(broker.results().get(id));
      assertThat(kept.map(BrokerSemanticsTest::text)).contains("finished");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void carries_attributes_headers_and_bytes_of_every_kind(String engine) {
    Broker broker = broker(engine);
    Topic queue = Topic.queue(fresh("Größe 漢字 & co"));
    Message strange =
        Message.builder()
            .attribute("type", "shop.v1.UserService.CreateUser")
            .attribute("source", "/a b/ü?x=1#y")
            .attribute("datacontenttype", "application/protobuf")
            .attribute("subject", "漢字 \"quoted\" \\ 🚀")
            .header("grpc-x-tenant", "ä;=, ")
            .payload(ByteString.copyFrom(new byte[] {0, -1, 10, 13, 127, -128}))
            .build();
    List<Message> received = Collections.synchronizedList(new ArrayList<>());
    try (Subscription workers =
        broker.subscribe(
            queue,
            Topic.WORKERS,
            1,
            delivery -> {
              received.add(delivery.message());
              delivery.settle(Outcome.DONE);
            })) {
      done(broker.publish(queue, strange));
      await().until(() -> received.size() == 1);
      assertThat(received.getFirst()).isEqualTo(strange);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void refuses_a_message_that_is_too_large(String engine) {
    Broker broker = broker(engine);
    int tooLarge = broker.capabilities().maxMessageBytes() + 1;
    Message message = Message.of(ByteString.copyFrom(new byte[tooLarge]));
    assertThatThrownBy(() -> done(broker.publish(Topic.queue(fresh("queue")), message)))
        .hasMessageContaining("RESOURCE_EXHAUSTED")
        .hasMessageContaining(String.valueOf(tooLarge));
  }

  private static <T> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException status) {
        throw status;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static String fresh(String what) {
    return what + "-" + UUID.randomUUID();
  }

  private static Message message(String text) {
    return Message.of(ByteString.copyFromUtf8(text));
  }

  private static String text(Message message) {
    return message.payload().toStringUtf8();
  }

  /** Notes what was delivered, and settles the first with the first outcome, and so on. */
  private static final class Received {
    private final List<Delivery> deliveries = Collections.synchronizedList(new ArrayList<>());
    private final List<Outcome> outcomes;

    /** The last outcome holds for all further deliveries; none leaves them in flight. */
    Received(Outcome... outcomes) {
      this.outcomes = List.of(outcomes);
    }

    void take(Delivery delivery) {
      deliveries.add(delivery);
      if (!outcomes.isEmpty()) {
        delivery.settle(outcomes.get(Math.min(deliveries.size(), outcomes.size()) - 1));
      }
    }

    int size() {
      return deliveries.size();
    }

    List<Integer> attempts() {
      return List.copyOf(deliveries).stream().map(Delivery::attempts).toList();
    }

    void awaitTexts(String... texts) {
      await().until(() -> deliveries.size() >= texts.length);
      assertThat(List.copyOf(deliveries))
          .extracting(delivery -> text(delivery.message()))
          .containsExactlyInAnyOrder(texts);
    }
  }
}
