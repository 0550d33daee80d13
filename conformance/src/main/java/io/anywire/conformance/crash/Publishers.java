package io.anywire.conformance.crash;

import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** Those that publish, each in a thread of its own, whether the broker is there or not. */
final class Publishers {
  /** How many may be unanswered. */
  private static final int UNANSWERED = 24;

  private static final Duration AFTER_FAILURE = Duration.ofMillis(25);
  private static final int KEYS = 6;

  /** So that each key, whose items are handled one by one, is done with one before the next. */
  private static final int ORDER_MILLIS = 60;

  private static final long LONGEST_DELAY_MILLIS = 1_500;

  private final Broker broker;
  private final Account account;
  private final Failures failures;
  private final Threads threads;

  Publishers(Broker broker, Account account, Failures failures, Threads threads) {
    this.broker = broker;
    this.account = account;
    this.failures = failures;
    this.threads = threads;
  }

  void start() {
    publish(Places.TASKS, "task-a", 4);
    publish(Places.TASKS, "task-b", 4);
    publish(Places.LATER, "later", 12);
    publish(Places.HOSTED, "hosted", 12);
    for (int key = 0; key < KEYS; key++) {
      publish(Places.ORDERS, "order-" + key, ORDER_MILLIS);
    }
  }

  /** One stream of items, each so long after the one before. */
  private void publish(Topic topic, String stream, int pauseMillis) {
    Set<String> subscriptions = Places.names(topic);
    Semaphore room = new Semaphore(UNANSWERED);
    threads.start(
        "publisher-" + stream,
        number -> {
          room.acquire();
          publish(topic, subscriptions, new Item(stream, number), room);
          Thread.sleep(pauseMillis);
        });
  }

  private void publish(Topic topic, Set<String> subscriptions, Item item, Semaphore room)
      throws InterruptedException {
    boolean keyed = topic.kind() == Topic.Kind.EVENTS;
    Message message = keyed ? item.keyed() : item.message();
    Duration delay =
        topic.equals(Places.LATER)
            ? Duration.ofMillis(item.number() * 37 % LONGEST_DELAY_MILLIS)
            : Duration.ZERO;
    long notBefore = System.nanoTime() + delay.toNanos();
    subscriptions.forEach(subscription -> account.publishing(subscription, item, notBefore));
    var published =
        broker
            .publish(new Publication(topic, message, delay))
            .whenComplete((done, failure) -> {
              room.release();
              if (failure == null) {
                account.acknowledged(subscriptions, item);
              } else {
                failures.note("publishing " + item, failure);
              }
            })
            .toCompletableFuture();
    if (published.isCompletedExceptionally()) {
      Thread.sleep(AFTER_FAILURE);
    }
  }
}
