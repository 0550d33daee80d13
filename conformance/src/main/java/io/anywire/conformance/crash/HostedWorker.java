package io.anywire.conformance.crash;

import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;

/** A worker in the process of the broker, which dies with it; only its notes survive. */
final class HostedWorker {
  private static final int IN_FLIGHT = 16;

  private HostedWorker() {}

  static void start(Broker broker, Notes notes) {
    Subscription unused =
        broker.subscribe(
            Places.HOSTED, Topic.WORKERS, IN_FLIGHT, delivery -> handle(delivery, notes));
  }

  private static void handle(Delivery delivery, Notes notes) {
    Item item = Item.of(delivery.message());
    notes.write(Notes.Step.DELIVERED, item, delivery.attempts());
    if (!item.isIntact(delivery.message())) {
      notes.write(Notes.Step.DAMAGED, item, delivery.attempts());
    }
    Outcome outcome = item.outcome(delivery.attempts());
    notes.write(Notes.Step.SETTLING, item, delivery.attempts());
    var unused =
        delivery
            .settle(outcome)
            .thenRun(() -> notes.write(Notes.Step.CONFIRMED, item, delivery.attempts()));
  }
}
