package io.anywire.broker.rabbitmq;

import static org.awaitility.Awaitility.await;

import io.anywire.broker.Delivery;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A receiver that keeps what it is given. */
final class Received implements Consumer<Delivery> {
  private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

  @Override
  public void accept(Delivery delivery) {
    deliveries.add(delivery);
  }

  /** Takes the next delivery. */
  Delivery next() {
    try {
      Delivery next = deliveries.poll(Rabbits.SOON.toSeconds(), TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing was delivered within " + Rabbits.SOON);
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  int count() {
    return deliveries.size();
  }

  /** The texts of what is there, once there are that many. */
  List<String> awaitTexts(int count) {
    await().atMost(Rabbits.SOON).until(() -> count() >= count);
    return texts();
  }

  List<String> texts() {
    return deliveries.stream().map(d -> d.message().payload().toStringUtf8()).toList();
  }
}
