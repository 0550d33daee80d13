package io.anywire.conformance.broker;

import static io.anywire.conformance.broker.Messages.message;
import static io.anywire.conformance.broker.Messages.prioritised;
import static io.anywire.conformance.broker.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Capability;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes first of what waits. */
interface PriorityCases extends Cases {

  /** A broker that knows no priorities delivers all the same. */
  @Test
  default void delivers_what_waits_by_priority() {
    Topic queue = scene().queue();
    scene()
        .publish(
            queue,
            List.of(
                prioritised(1, "low"),
                message("normal"),
                prioritised(9, "first"),
                prioritised(9, "second"),
                message("strange").toBuilder().attribute("priority", "highest").build()));
    List<String> order = new ArrayList<>();
    Received received = new Received();
    Subscription unused =
        scene()
            .subscribe(
                scene().broker(), queue, Topic.WORKERS, SubscribeOptions.inFlight(1), received);
    for (int i = 0; i < 5; i++) {
      Delivery next = received.next();
      order.add(Messages.text(next));
      done(next.settle(Outcome.DONE));
    }
    if (scene().can(Capability.PRIORITISED)) {
      assertThat(order).containsExactly("first", "second", "normal", "strange", "low");
    } else {
      assertThat(order).containsExactlyInAnyOrder("first", "second", "normal", "strange", "low");
    }
  }
}
