package io.anywire.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anywire.Anywire;
import io.anywire.lab.v1.LabEventsGrpc;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.OrderedEventsGrpc;
import io.anywire.messaging.event.Events;
import io.anywire.messaging.task.TaskHandle;
import io.anywire.messaging.task.Tasks;
import io.grpc.BindableService;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a contract needs and a broker lacks is refused by name, at start-up where possible. */
class CapabilitiesTest {
  private static final String WEAK = "weak://user:secret@host/capabilities";
  private final Anywire anywire = Anywire.builder().application("app").build();

  @AfterEach
  void close() {
    anywire.close();
  }

  private ThrowingCallable serving(BindableService handler, String url) {
    return () -> anywire.server().service(handler).listen(url).start();
  }

  private static Code codeOf(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call).getStatus().getCode();
  }

  @Test
  void an_ordering_key_needs_a_broker_that_keeps_order() {
    assertThatIllegalArgumentException()
        .isThrownBy(serving(new OrderedSubscriber(), WEAK))
        .withMessageContaining("anywire.lab.v1.OrderedEvents.Happened")
        .withMessageContaining("weak://user:***@host/capabilities")
        .withMessageContaining("'ordered'");
    OrderedEventsGrpc.OrderedEventsBlockingStub events =
        OrderedEventsGrpc.newBlockingStub(Events.at(anywire, WEAK).channel());
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> events.happened(Order.getDefaultInstance()));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(e.getStatus().getDescription()).contains("'ordered'").doesNotContain("secret");
  }

  @Test
  void calls_need_a_broker_with_replies() {
    assertThatIllegalArgumentException()
        .isThrownBy(serving(new LabHandler(), WEAK))
        .withMessageContaining("anywire.lab.v1.Lab")
        .withMessageContaining("weak://user:***@host/capabilities")
        .withMessageContaining("'replies'");
    LabGrpc.LabBlockingStub stub = LabGrpc.newBlockingStub(anywire.channel(WEAK));
    assertThat(codeOf(() -> stub.run(Order.getDefaultInstance()))).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void awaiting_a_task_needs_a_broker_that_keeps_results() {
    TaskHandle<?> handle =
        Tasks.at(anywire, WEAK).enqueue(LabGrpc.getRunMethod(), Order.getDefaultInstance());
    assertThat(codeOf(handle::poll)).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(codeOf(() -> handle.await(Duration.ofSeconds(5)))).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void the_outcomes_of_an_event_need_a_broker_that_lists_its_subscriptions() {
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> Events.at(anywire, WEAK).outcomes(LabEventsGrpc.getHappenedMethod(), "id"));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
    assertThat(e.getStatus().getDescription()).contains("'listed'");
  }

  @Test
  void the_bound_of_what_is_handled_at_a_time_is_checked() {
    assertThatIllegalArgumentException()
        .isThrownBy(serving(new LabHandler(), "memory:capabilities?in-flight=0"))
        .withMessageContaining("in-flight=0 (expected: 1 to 1000000)");
  }
}
