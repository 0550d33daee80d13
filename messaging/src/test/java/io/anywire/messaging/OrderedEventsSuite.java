package io.anywire.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.Status;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.OrderedEventsGrpc;
import io.anywire.messaging.event.Events;
import io.anywire.wire.Explanation;
import io.grpc.Status.Code;
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
}
