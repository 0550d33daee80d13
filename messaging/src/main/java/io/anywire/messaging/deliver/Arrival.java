package io.anywire.messaging.deliver;

import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.messaging.envelope.StructuredMode;

/**
 * A delivery, and the message that it carries in binary mode. Immutable.
 *
 * @param message as the handler sees it; what is settled is the delivery as it came
 */
record Arrival(Delivery delivery, Message message) {

  /**
   * @throws IllegalArgumentException when it is in structured mode, and no CloudEvent
   */
  static Arrival of(Delivery delivery) {
    return new Arrival(delivery, StructuredMode.unfolded(delivery.message()));
  }

  /** The number of the attempt that it is delivered for, from 1. */
  int attempt() {
    return delivery.attempts() + 1;
  }
}
