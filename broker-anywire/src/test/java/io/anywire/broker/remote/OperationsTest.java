package io.anywire.broker.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Operations;
import io.anywire.broker.Operations.Tail;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.SubscriptionState;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.PeekRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OperationsTest {
  private static final Topic QUEUE = Topic.queue("work");
  private static final Topic EVENTS = Topic.events("news");

  private final ServedBroker served = new ServedBroker();
  private final Anywire anywire = Anywire.builder().application("app").build();
  private final Broker broker = anywire.broker(served.url());
  private final Operations operations = broker.operations();

  @AfterEach
  void close() {
    anywire.close();
    served.close();
  }

  @Test
  void tells_what_topics_and_subscriptions_there_are() throws Exception {
    publish(QUEUE, "a");
    broker.subscribe(EVENTS, "mails", 1, delivery -> {}).close();

    assertThat(operations.topics()).containsExactlyInAnyOrder(QUEUE, EVENTS);
    assertThat(operations.subscriptions(EVENTS)).containsExactly("mails");
    assertThat(operations.subscriptions(Topic.events("other"))).isEmpty();
  }

  @Test
  void counts_what_a_subscription_has_and_where() throws Exception {
    BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    try (Subscription workers = broker.subscribe(QUEUE, Topic.WORKERS, 1, deliveries::add)) {
      publish(QUEUE, "a", "b", "c");
      Delivery first = deliveries.poll(20, TimeUnit.SECONDS);
      assertThat(operations.state(QUEUE, Topic.WORKERS)).isEqualTo(state(2, 0, 1, 0, 1));
      settle(first, new Outcome.RetryAfter(Duration.ofHours(1)));
      settle(deliveries.poll(20, TimeUnit.SECONDS), reject());
      assertThat(deliveries.poll(20, TimeUnit.SECONDS)).isNotNull();

      assertThat(operations.state(QUEUE, Topic.WORKERS)).isEqualTo(state(0, 1, 1, 1, 1));
    }
  }

  @Test
  void shows_what_waits_without_taking_it_and_purges_it() throws Exception {
    Instant before = Instant.now();
    BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    try (Subscription workers = broker.subscribe(QUEUE, Topic.WORKERS, 1, deliveries::add)) {
      publish(QUEUE, "a");
      settle(deliveries.poll(20, TimeUnit.SECONDS), new Outcome.RetryAfter(Duration.ofHours(1)));
    }
    publish(QUEUE, "b", "c");

    assertThat(operations.peek(QUEUE, Topic.WORKERS, 2))
        .extracting(waiting -> waiting.message().payload().toStringUtf8())
        .containsExactly("a", "b");
    Waiting resting = operations.peek(QUEUE, Topic.WORKERS, 1).getFirst();
    assertThat(resting.place()).isEqualTo(Waiting.Place.RESTING);
    assertThat(resting.attempts()).isEqualTo(1);
    assertThat(resting.due().orElseThrow()).isAfter(before.plusSeconds(3500));
    assertThat(operations.purge(QUEUE, Topic.WORKERS)).isEqualTo(3);
    assertThat(operations.peek(QUEUE, Topic.WORKERS, 2)).isEmpty();
  }

  @Test
  void moves_a_subscription_back_in_time() throws Exception {
    BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
    try (Subscription mails = broker.subscribe(EVENTS, "mails", 10, deliveries::add)) {
      publish(EVENTS, "a", "b");
      settle(deliveries.poll(20, TimeUnit.SECONDS), Outcome.DONE);
      settle(deliveries.poll(20, TimeUnit.SECONDS), Outcome.DONE);

      assertThat(operations.seek(EVENTS, "mails", SubscribeOptions.BEGINNING)).isEqualTo(2);
      assertThat(deliveries.poll(20, TimeUnit.SECONDS).message().payload().toStringUtf8())
          .isEqualTo("a");
      var never = new SubscribeOptions.Start.At(Instant.now().plusSeconds(60));
      assertThat(operations.seek(EVENTS, "mails", never)).isZero();
      assertThat(operations.seek(EVENTS, "mails", SubscribeOptions.NOW)).isZero();
    }
  }

  @Test
  void shows_copies_of_what_is_published_until_it_is_told_to_stop() throws Exception {
    publish(QUEUE, "before");
    BlockingQueue<Message> seen = new LinkedBlockingQueue<>();
    try (Tail tail = operations.tail(QUEUE, seen::add)) {
      publish(QUEUE, "after");
      assertThat(seen.poll(20, TimeUnit.SECONDS).payload().toStringUtf8()).isEqualTo("after");
    }
    publish(QUEUE, "later");

    assertThat(operations.state(QUEUE, Topic.WORKERS).ready()).hasValue(3);
    assertThat(seen).isEmpty();
  }

  @Test
  void says_what_is_not_there_and_what_is_asked_wrongly() throws Exception {
    publish(QUEUE, "a");

    refused(Status.Code.NOT_FOUND, "no such topic", () -> operations.state(EVENTS, "mails"));
    refused(Status.Code.NOT_FOUND, "no such topic", () -> operations.tail(EVENTS, m -> {}));
    refused(Status.Code.NOT_FOUND, "no subscription 'x'", () -> operations.purge(QUEUE, "x"));
    refused(
        Status.Code.INVALID_ARGUMENT,
        "expected: a topic of events",
        () -> operations.seek(QUEUE, Topic.WORKERS, SubscribeOptions.NOW));
    assertThatThrownBy(() -> operations.peek(QUEUE, Topic.WORKERS, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("max: 0 (expected: >= 1)");
    PeekRequest none =
        PeekRequest.newBuilder()
            .setTopic(Translation.topic(QUEUE))
            .setSubscription(Topic.WORKERS)
            .build();
    var stub =
        BrokerServiceGrpc.newBlockingStub(
            anywire.channel(served.url().replace("anywire:", "grpc:")));
    refused(Status.Code.INVALID_ARGUMENT, "max: 0", () -> stub.peek(none).hasNext());
  }

  private static void refused(Status.Code code, String why, ThrowingCallable asked) {
    assertThatThrownBy(asked)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(why);
  }

  private static SubscriptionState state(
      long ready, long resting, long inFlight, long dead, long consumers) {
    return new SubscriptionState(
        OptionalLong.of(ready),
        OptionalLong.of(0),
        OptionalLong.of(resting),
        OptionalLong.of(inFlight),
        OptionalLong.of(dead),
        OptionalLong.of(consumers));
  }

  private static Outcome reject() {
    return new Outcome.Reject(com.google.rpc.Status.newBuilder().setCode(3).build());
  }

  private static void settle(Delivery delivery, Outcome outcome) throws Exception {
    delivery.settle(outcome).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void publish(Topic topic, String... texts) throws Exception {
    for (String text : texts) {
      Message message = Message.of(ByteString.copyFromUtf8(text));
      broker.publish(topic, message).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }
}
