package io.anywire.conformance.broker;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import java.util.concurrent.CountDownLatch;

/**
 * A consumer in a process of its own, which takes what it is given and does nothing with it until
 * it is killed. It prints {@code holds TEXT} for each.
 */
final class Holder {
  private Holder() {}

  /**
   * Runs until it is killed.
   *
   * @param args URL and name of a queue
   */
  public static void main(String[] args) throws InterruptedException {
    try (Anywire anywire = Anywire.builder().application("holder").build()) {
      Broker broker = anywire.broker(args[0]);
      Subscription unused =
          broker.subscribe(
              Topic.queue(args[1]),
              Topic.WORKERS,
              Scene.IN_FLIGHT,
              delivery -> System.out.println("holds " + Messages.text(delivery)));
      new CountDownLatch(1).await();
    }
  }
}
