package io.anywire.messaging;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.rpc.Status;
import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.lab.v1.LabEventsGrpc;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.PlainGrpc;
import io.anywire.messaging.deliver.Received;
import io.anywire.messaging.event.EventOutcome;
import io.anywire.messaging.event.EventOutcome.State;
import io.anywire.messaging.event.Events;
import io.anywire.wire.Explanation;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for events over any broker. */
public abstract class EventsSuite extends BrokerSuite {
  private static final Topic TOPIC = Topic.events("anywire.lab.v1.LabEvents");

  private final LabSubscriber first = new LabSubscriber();
  private final LabSubscriber second = new LabSubscriber();

  private LabEventsGrpc.LabEventsBlockingStub events() {
    return LabEventsGrpc.newBlockingStub(Events.at(caller, url).channel());
  }

  private static Order event(String id, String text) {
    return Order.newBuilder().setId(id).setText(text).build();
  }

  @Test
  void each_application_gets_every_event_and_its_instances_share_them() {
    LabSubscriber other = new LabSubscriber();
    serve("one", first);
    serve("one", second);
    serve("two", other);
    List<String> all = IntStream.range(0, 100).mapToObj(i -> "happened " + i).collect(toList());
    for (int i = 0; i < 100; i++) {
      events().happened(event("key " + i, "" + i));
    }
    await()
        .untilAsserted(() -> {
          assertThat(other.handled).containsExactlyInAnyOrderElementsOf(all);
          List<String> shared = new java.util.ArrayList<>(first.handled);
          shared.addAll(second.handled);
          assertThat(shared).containsExactlyInAnyOrderElementsOf(all);
        });
  }

  @Test
  void instances_take_over_from_one_another() {
    AnywireServer closing = serve("one", first);
    serve("one", second);
    closing.close();
    events().happened(event("a", "a"));
    await().untilAsserted(() -> assertThat(second.handled).containsExactly("happened a"));
    assertThat(first.handled).isEmpty();
  }

  @Test
  void the_receipt_is_the_id_that_the_handler_sees() {
    serve("one", first);
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    events()
        .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
        .happened(event("a", "a"));
    await().until(() -> first.received.size() == 1);
    Received received = first.received.get(0);
    assertThat(headers.get().get(Events.MESSAGE_ID)).isEqualTo(received.id());
    assertThat(trailers.get().get(Events.MESSAGE_ID)).isEqualTo(received.id());
    assertThat(received.source()).isEqualTo("caller");
    assertThat(received.type()).isEqualTo("anywire.lab.v1.LabEvents.Happened");
    assertThat(Instant.parse(received.time())).isBefore(Instant.now().plusSeconds(1));
    assertThat(received.attempt()).isEqualTo(1);
  }

  @Test
  void an_event_with_a_topic_of_its_own_arrives_too() {
    serve("one", first);
    events().apart(event("a", "a"));
    await().untilAsserted(() -> assertThat(first.handled).containsExactly("apart a"));
  }

  @Test
  void what_always_fails_is_a_dead_letter_of_that_application_and_can_be_replayed() {
    LabSubscriber other = new LabSubscriber();
    serve("one", first);
    serve("two", other);
    Status unavailable = Status.newBuilder().setCode(Code.ABORTED.value()).build();
    events().happened(event("a", "a").toBuilder().setFail(unavailable).build());
    DeadLetters ofOne = caller.broker(url).deadLetters(TOPIC, "one");
    await().until(() -> ofOne.list(10).size() == 1);
    assertThat(ofOne.list(10).get(0).attempts()).isEqualTo(3);
    assertThat(first.received).extracting(Received::attempt).containsExactly(1, 2, 3);
    assertThat(ofOne.replay(letter -> true)).isEqualTo(1);
    await().until(() -> first.received.size() == 6);
    await().until(() -> other.received.size() == 3);
  }

  @Test
  void events_of_unknown_types_are_acknowledged_by_the_thousand() throws Exception {
    serve("one", first);
    List<CompletableFuture<Void>> taken = new java.util.ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Message unknown =
          Message.builder()
              .attribute("type", "anywire.lab.v1.LabEvents.Later" + i)
              .payload(ByteString.copyFromUtf8("x"))
              .build();
      taken.add(caller.broker(url).publish(TOPIC, unknown).toCompletableFuture());
    }
    CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    events().happened(event("a", "a"));
    await().untilAsserted(() -> assertThat(first.handled).containsExactly("happened a"));
    assertThat(caller.broker(url).deadLetters(TOPIC, "one").list(1)).isEmpty();
  }

  @Test
  void what_cannot_be_decoded_is_a_dead_letter_at_once() {
    serve("one", first);
    Message malformed =
        Message.builder()
            .attribute("type", "anywire.lab.v1.LabEvents.Happened")
            .payload(ByteString.copyFrom(new byte[] {-1}))
            .build();
    caller.broker(url).publish(TOPIC, malformed);
    DeadLetters letters = caller.broker(url).deadLetters(TOPIC, "one");
    await().until(() -> letters.list(10).size() == 1);
    assertThat(letters.list(10).get(0).message().payload()).isEqualTo(malformed.payload());
  }

  @Test
  void a_service_that_is_not_marked_can_be_published_too() {
    List<Message> messages = new CopyOnWriteArrayList<>();
    Topic plain = Topic.events("anywire.lab.v1.Plain");
    try (Subscription s = caller.broker(url).subscribe(plain, "raw", 10, take(messages))) {
      PlainGrpc.newBlockingStub(Events.at(caller, url).channel()).noted(event("a", "a"));
      await().until(() -> messages.size() == 1);
    }
    assertThat(messages.get(0).attributes())
        .containsEntry("specversion", "1.0")
        .containsEntry("type", "anywire.lab.v1.Plain.Noted")
        .containsEntry("source", "caller")
        .containsEntry("datacontenttype", "application/protobuf")
        .containsKeys("id", "time")
        .doesNotContainKey(Message.KEY);
    assertThat(messages.get(0).payload()).isEqualTo(event("a", "a").toByteString());
  }

  @Test
  void a_method_that_is_no_event_is_refused_before_anything_is_sent() {
    StatusRuntimeException e =
        failureOf(
            () -> LabGrpc.newBlockingStub(Events.at(caller, url).channel()).run(event("a", "a")));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(e.getStatus().getDescription()).contains("anywire.lab.v1.Lab");
  }

  @Test
  void an_event_is_not_called() {
    StatusRuntimeException e =
        failureOf(
            () -> LabEventsGrpc.newBlockingStub(caller.channel(url)).happened(event("a", "a")));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(e.getStatus().getDescription()).contains("Events.at");
  }

  @Test
  void subscribing_needs_an_application_name() {
    try (Anywire nameless = Anywire.builder().build()) {
      assertThatThrownBy(() -> nameless.server().service(first).listen(url).start())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("anywire.lab.v1.LabEvents")
          .hasMessageContaining("application");
    }
  }

  @Test
  void closing_a_subscriber_finishes_what_runs() throws Exception {
    AnywireServer server = serve("one", first);
    events().happened(event("a", "a").toBuilder().setGate("gate").build());
    await().until(() -> first.lab.running.get() == 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    first.lab.open("gate");
    closing.get(20, TimeUnit.SECONDS);
    assertThat(first.handled).containsExactly("happened a");
    serve("one", second);
    events().happened(event("a", "b"));
    await().untilAsserted(() -> assertThat(second.handled).containsExactly("happened b"));
  }

  @Test
  void a_publication_explains_its_way_to_whoever_listens() {
    List<String> lines = new CopyOnWriteArrayList<>();
    events()
        .withOption(Explanation.LISTENER, (label, text) -> lines.add(label + " " + text))
        .happened(event("a", "a"));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("topic anywire.lab.v1.LabEvents at "))
        .anyMatch(line -> line.startsWith("receipt "));
  }

  @Test
  void a_publisher_learns_what_became_of_its_event_in_each_subscription() {
    LabSubscriber other = new LabSubscriber();
    serve("one", first);
    serve("two", () -> LabEventsGrpc.bindService(new LabEventsGrpc.AsyncService() {}));
    Metadata receipt = new Metadata();
    receipt.put(Events.MESSAGE_ID, "tracked-" + url.hashCode());
    Order order = event("a", "a").toBuilder().setGate("gate").build();
    Events events = Events.at(caller, url);
    LabEventsGrpc.newBlockingStub(events.channel())
        .withOption(Events.TRACKED, true)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(receipt))
        .happened(order);
    String id = "tracked-" + url.hashCode();
    await().until(() -> first.lab.running.get() == 1);
    assertThat(events.outcome(id, "one").state()).isEqualTo(State.PENDING);
    await().until(() -> events.outcome(id, "two").state() == State.DEAD_LETTERED);
    assertThat(events.outcome(id, "two").status().getCode()).isEqualTo(Code.UNIMPLEMENTED.value());
    first.lab.open("gate");
    await().until(() -> events.outcome(id, "one").state() == State.HANDLED);
    assertThat(events.outcome(id, "one").attempts()).isEqualTo(1);
    assertThat(events.outcomes(LabEventsGrpc.getHappenedMethod(), id))
        .containsOnlyKeys("one", "two");
    assertThat(other.handled).isEmpty();
  }

  @Test
  void retries_of_a_tracked_event_are_told() {
    serve("one", first);
    Events events = Events.at(caller, url);
    AtomicReference<Metadata> headers = new AtomicReference<>();
    Status aborted = Status.newBuilder().setCode(Code.ABORTED.value()).setMessage("no").build();
    LabEventsGrpc.newBlockingStub(events.channel())
        .withOption(Events.TRACKED, true)
        .withInterceptors(
            MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
        .happened(event("a", "a").toBuilder().setFail(aborted).build());
    String id = headers.get().get(Events.MESSAGE_ID);
    await().until(() -> events.outcome(id, "one").state() == State.DEAD_LETTERED);
    assertThat(events.outcome(id, "one"))
        .isEqualTo(new EventOutcome(State.DEAD_LETTERED, 3, aborted));
  }

  @Test
  void a_subscription_may_begin_before_it_was_made() {
    String earlier = url + (url.contains("?") ? "&" : "?") + "from=beginning";
    if (!caller.broker(url).capabilities().has(Capability.REPLAY)) {
      assertThatThrownBy(() -> serve("one", earlier, LONG, first))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("anywire.lab.v1.LabEvents")
          .hasMessageContaining("'replay'");
      return;
    }
    events().happened(event("a", "a"));
    events().ended(event("a", "b"));
    Instant middle = Instant.now();
    await().until(() -> Instant.now().isAfter(middle.plusMillis(20)));
    events().happened(event("a", "c"));
    serve("one", earlier, LONG, first);
    LabSubscriber fromMiddle = new LabSubscriber();
    serve("two", earlier.replace("beginning", middle.plusMillis(10).toString()), LONG, fromMiddle);
    serve("three", second);
    events().happened(event("a", "d"));
    await()
        .untilAsserted(() -> {
          assertThat(first.handled)
              .containsExactlyInAnyOrder("happened a", "ended b", "happened c", "happened d");
          assertThat(fromMiddle.handled).containsExactlyInAnyOrder("happened c", "happened d");
          assertThat(second.handled).containsExactly("happened d");
        });
  }

  @Test
  void a_subscription_keeps_its_place_while_nobody_is_there() {
    serve("one", first).close();
    events().happened(event("a", "a"));
    serve("one", second);
    await().untilAsserted(() -> assertThat(second.handled).containsExactly("happened a"));
    assertThat(first.handled).isEmpty();
  }

  @Test
  void one_object_may_handle_several_contracts() {
    Both both = new Both();
    serve("one", () -> LabEventsGrpc.bindService(both), () -> PlainGrpc.bindService(both));
    events().apart(event("a", "a"));
    PlainGrpc.newBlockingStub(caller.channel(url)).noted(event("a", "b"));
    await().untilAsserted(() -> assertThat(both.handled).containsExactlyInAnyOrder("a", "b"));
  }

  @Test
  void an_event_may_be_written_as_json() {
    serve("one", first);
    List<Message> messages = new CopyOnWriteArrayList<>();
    try (Subscription s = caller.broker(url).subscribe(TOPIC, "raw", 10, take(messages))) {
      Events json = Events.at(caller, url + (url.contains("?") ? "&" : "?") + "codec=json");
      LabEventsGrpc.newBlockingStub(json.channel()).happened(event("a", "é"));
      await().until(() -> messages.size() == 1);
    }
    assertThat(messages.get(0).attributes()).containsEntry("datacontenttype", "application/json");
    assertThat(messages.get(0).payload().toStringUtf8()).isEqualTo("{\"id\":\"a\",\"text\":\"é\"}");
    await().untilAsserted(() -> assertThat(first.handled).containsExactly("happened é"));
  }

  private static final class Both implements LabEventsGrpc.AsyncService, PlainGrpc.AsyncService {
    final List<String> handled = new CopyOnWriteArrayList<>();

    @Override
    public void apart(Order request, StreamObserver<Empty> responses) {
      handled.add(request.getText());
      responses.onNext(Empty.getDefaultInstance());
      responses.onCompleted();
    }

    @Override
    public void noted(Order request, StreamObserver<Empty> responses) {
      apart(request, responses);
    }
  }

  private static java.util.function.Consumer<Delivery> take(List<Message> messages) {
    return delivery -> {
      messages.add(delivery.message());
      delivery.settle(Outcome.DONE);
    };
  }
}
