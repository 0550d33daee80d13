package io.anywire.broker.rabbitmq;

import io.anywire.broker.Message;
import java.time.Duration;

/**
 * A delivery whose ordering key is kept. To be retried it stays where it is, unacknowledged, so
 * that it keeps its place whatever happens; the broker does not hear of its attempts until it is
 * given up.
 */
final class KeyedDelivery extends QueueDelivery {
  private final OrderedSubscription subscription;
  private final Partition partition;
  private final String key;

  /** Whether it was the first of its key when it came, and so was handled before if ever. */
  private final boolean cameFirst;

  KeyedDelivery(
      OrderedSubscription subscription,
      Partition partition,
      Origin origin,
      Message message,
      Bookkeeping noted,
      boolean cameFirst) {
    super(subscription, origin, message, noted);
    this.subscription = subscription;
    this.partition = partition;
    this.key = message.key().orElse("");
    this.cameFirst = cameFirst;
  }

  String key() {
    return key;
  }

  Partition partition() {
    return partition;
  }

  /** What was only set aside behind others of its key did not crash anybody. */
  @Override
  public int crashes() {
    return cameFirst ? noted().crashes() : 0;
  }

  @Override
  void retry(Duration delay, Bookkeeping then) {
    if (leased()) {
      subscription.park(
          this,
          new KeyedDelivery(subscription, partition, origin(), message(), then, cameFirst),
          delay);
      setAside();
    }
  }
}
