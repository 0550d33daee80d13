package io.anywire.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import com.google.rpc.Status;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Topic;
import io.anywire.lab.v1.HeldEventsGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.OrderedEventsGrpc;
import io.anywire.messaging.event.Events;
import io.anywire.wire.Explanation;
import io.grpc.BindableService;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds besides {@link EventsSuite} over a broker that keeps order. */
public abstract class OrderedEventsSuite extends BrokerSuite {
  private final OrderedSubscriber first = new OrderedSubscriber();

  private OrderedEventsGrpc.OrderedEventsBlockingStub events() {
    return OrderedEventsGrpc.newBlockingStub(Events.at(caller, url).channel());
  }

  private static Order event(String id, String text) {
    return Order.newBuilder().setId(id).setText(text).build();
  }

  @Test
  void events_of_one_key_are_handled_in_order_also_across_methods_and_retries() {
    serve("one", first);
    Status unavailable = Status.newBuilder().setCode(Code.UNAVAILABLE.value()).build();
    Order flaky = event("k", "0").toBuilder().setFail(unavailable).setFailingAttempts(2).build();
    events().happened(flaky);
    for (int i = 1; i < 30; i++) {
      events().ended(event("k", "" + i));
    }
    await().until(() -> first.handled.size() == 30);
    assertThat(first.handled.get(0)).isEqualTo("happened 0");
    assertThat(first.handled.subList(1, 30))
        .isEqualTo(IntStream.range(1, 30).mapToObj(i -> "ended " + i).toList());
    assertThat(first.lab.mostRunning).hasValue(1);
  }

  @Test
  void a_key_that_waits_does_not_hold_up_others() {
    serve("one", first);
    events().happened(event("slow", "slow").toBuilder().setGate("gate").build());
    events().happened(event("other", "other"));
    await().untilAsserted(() -> assertThat(first.handled).containsExactly("happened other"));
    first.lab.open("gate");
    await().until(() -> first.handled.size() == 2);
  }

  @Test
  void a_publication_names_its_key_to_whoever_listens() {
    List<String> lines = new CopyOnWriteArrayList<>();
    events()
        .withOption(Explanation.LISTENER, (label, text) -> lines.add(label + " " + text))
        .happened(event("a", "a"));
    assertThat(lines).contains("key a");
  }

  @Test
  void keys_go_in_parallel_and_each_in_order() {
    serve("one", first);
    serve("one", new OrderedSubscriber(first.handled));
    int keys = 40;
    for (int i = 0; i < 10; i++) {
      for (int key = 0; key < keys; key++) {
        events().happened(event("key " + key, key + "." + i));
      }
    }
    await().atMost(LONG).until(() -> first.handled.size() == 10 * keys);
    for (int key = 0; key < keys; key++) {
      String prefix = "happened " + key + ".";
      assertThat(first.handled.stream().filter(h -> h.startsWith(prefix)))
          .isEqualTo(IntStream.range(0, 10).mapToObj(i -> prefix + i).toList());
    }
  }

  @Test
  void a_key_that_is_retried_does_not_use_up_the_window() {
    serve("one", url + (url.contains("?") ? "&" : "?") + "in-flight=4", LONG, first);
    Order stuck = failing("stuck", "0", 0);
    events().happened(stuck);
    for (int i = 1; i < 200; i++) {
      events().happened(event("stuck", "" + i));
    }
    for (int i = 0; i < 50; i++) {
      events().happened(event("free " + i, "free"));
    }
    await().atMost(LONG).until(() -> first.handled.size() >= 50);
    await().atMost(LONG).until(() -> first.handled.size() == 249);
    assertThat(first.handled.stream().filter(h -> !h.equals("happened free")))
        .isEqualTo(IntStream.range(1, 200).mapToObj(i -> "happened " + i).toList());
  }

  @Test
  void an_event_that_is_given_up_lets_the_next_of_its_key_come() {
    serve("one", first);
    events().happened(failing("k", "0", 0));
    events().happened(event("k", "1"));
    await().atMost(LONG).until(() -> first.handled.equals(List.of("happened 1")));
    assertThat(deadLetters("anywire.lab.v1.OrderedEvents", "one").list(10)).hasSize(1);
  }

  @Test
  void an_event_that_is_given_up_holds_its_key_where_the_contract_says_so() {
    List<String> handled = new CopyOnWriteArrayList<>();
    BindableService held =
        new HeldEventsGrpc.HeldEventsImplBase() {
          @Override
          public void happened(Order request, StreamObserver<Empty> responses) {
            if (request.getText().equals("bad") && handled.size() < 2) {
              handled.add("refused");
              responses.onError(io.grpc.Status.INVALID_ARGUMENT.asRuntimeException());
            } else {
              handled.add(request.getText());
              responses.onNext(Empty.getDefaultInstance());
              responses.onCompleted();
            }
          }
        };
    if (!caller.broker(url).capabilities().has(Capability.HOLDING)) {
      assertThatThrownBy(() -> serve("one", held)).hasMessageContaining("'holding'");
      return;
    }
    serve("one", held);
    HeldEventsGrpc.HeldEventsBlockingStub stub =
        HeldEventsGrpc.newBlockingStub(Events.at(caller, url).channel());
    stub.happened(event("k", "bad"));
    stub.happened(event("k", "behind"));
    stub.happened(event("other", "other"));
    await().untilAsserted(() -> assertThat(handled).containsExactlyInAnyOrder("refused", "other"));
    DeadLetters letters = deadLetters("anywire.lab.v1.HeldEvents", "one");
    await().until(() -> letters.list(10).size() == 1);
    assertThat(letters.replay(letter -> true)).isEqualTo(1);
    await().untilAsserted(() -> assertThat(handled).endsWith("bad", "behind"));
  }

  private DeadLetters deadLetters(String topic, String subscription) {
    return caller.broker(url).deadLetters(Topic.events(topic), subscription);
  }

  private static Order failing(String key, String text, int attempts) {
    Status unavailable = Status.newBuilder().setCode(Code.UNAVAILABLE.value()).build();
    return event(key, text).toBuilder().setFail(unavailable).setFailingAttempts(attempts).build();
  }
}
