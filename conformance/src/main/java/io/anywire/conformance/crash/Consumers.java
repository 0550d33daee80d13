package io.anywire.conformance.crash;

import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.SubscribeOptions;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;

/** Those that handle: two for each subscription, each with several deliveries in hand. */
final class Consumers {
  private static final int EACH = 2;
  private static final int IN_FLIGHT = 24;
  private static final int MOST_MILLIS = 12;

  private final Broker broker;
  private final Account account;
  private final Failures failures;
  private final IntSupplier deaths;

  /**
   * @param deaths how often the broker has died
   */
  Consumers(Broker broker, Account account, Failures failures, IntSupplier deaths) {
    this.broker = broker;
    this.account = account;
    this.failures = failures;
    this.deaths = deaths;
  }

  void start() {
    subscribe(Places.TASKS, Topic.WORKERS);
    subscribe(Places.LATER, Topic.WORKERS);
    Places.subscriptions(Places.ORDERS).forEach(name -> subscribe(Places.ORDERS, name));
  }

  private void subscribe(Topic topic, String name) {
    String place = Places.name(topic, name);
    boolean ordered = topic.kind() == Topic.Kind.EVENTS;
    for (int i = 0; i < EACH; i++) {
      Subscription unused =
          broker.subscribe(
              topic,
              name,
              new SubscribeOptions(IN_FLIGHT, ordered, SubscribeOptions.NOW),
              delivery -> received(place, delivery));
    }
  }

  private void received(String place, Delivery delivery) {
    int seen = deaths.getAsInt();
    account.delivered(place, delivery.message(), delivery.attempts());
    Thread.ofVirtual().name("crash-handler").start(() -> handle(place, delivery, seen));
  }

  private void handle(String place, Delivery delivery, int seen) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(MOST_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Item item = Item.of(delivery.message());
    Outcome outcome = account.outcome(place, item, delivery.attempts());
    if (deaths.getAsInt() == seen) {
      account.settling(place, item, outcome, System.nanoTime());
    }
    var unused =
        delivery
            .settle(outcome)
            .whenComplete((done, failure) -> {
              if (failure == null) {
                account.confirmed(place, item, outcome);
              } else {
                failures.note("settling " + item, failure);
              }
            });
  }
}
