package io.anywire.conformance.broker;

import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Subscription;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A receiver around another that notes what no subscription may do: deliver more than may be in
 * flight, two messages at a time, or in the thread that subscribed.
 */
final class Watched implements Consumer<Delivery> {
  private final Consumer<Delivery> receiver;
  private final int maxInFlight;
  private final Consumer<String> complaints;
  private final Thread subscriber = Thread.currentThread();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicBoolean inside = new AtomicBoolean();
  private volatile boolean stopped;

  Watched(Consumer<Delivery> receiver, int maxInFlight, Consumer<String> complaints) {
    this.receiver = receiver;
    this.maxInFlight = maxInFlight;
    this.complaints = complaints;
  }

  /** Watches one that is stopped: nothing may come once that has returned. */
  Subscription around(Subscription subscription) {
    return new Subscription() {
      @Override
      public void stop() {
        subscription.stop();
        stopped = true;
      }

      @Override
      public void close() {
        subscription.close();
        stopped = true;
      }

      @Override
      public void abandon() {
        subscription.abandon();
        stopped = true;
      }
    };
  }

  @Override
  public void accept(Delivery delivery) {
    check(!stopped, "a delivery after it was stopped");
    check(Thread.currentThread() != subscriber, "a delivery in the thread that subscribed");
    check(inside.compareAndSet(false, true), "two deliveries at a time");
    int now = inFlight.incrementAndGet();
    check(now <= maxInFlight, now + " in flight (expected: <= " + maxInFlight + ")");
    Settling settling = new Settling(delivery);
    try {
      receiver.accept(settling);
    } catch (RuntimeException e) {
      settling.landed();
      throw e;
    } finally {
      inside.set(false);
    }
  }

  private void check(boolean kept, String complaint) {
    if (!kept) {
      complaints.accept(complaint);
    }
  }

  private final class Settling implements Delivery {
    private final Delivery delivery;
    private final AtomicBoolean landed = new AtomicBoolean();

    Settling(Delivery delivery) {
      this.delivery = delivery;
    }

    void landed() {
      if (landed.compareAndSet(false, true)) {
        inFlight.decrementAndGet();
      }
    }

    @Override
    public Message message() {
      return delivery.message();
    }

    @Override
    public int attempts() {
      return delivery.attempts();
    }

    @Override
    public int crashes() {
      return delivery.crashes();
    }

    @Override
    public CompletionStage<Void> settle(Outcome outcome) {
      landed();
      return delivery.settle(outcome);
    }
  }
}
