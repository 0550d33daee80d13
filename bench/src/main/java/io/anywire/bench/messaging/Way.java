package io.anywire.bench.messaging;

import io.anywire.bench.v1.Order;
import java.util.concurrent.CompletionStage;

/** A way of messages. Thread-safe. */
interface Way {
  /** Publishes; completes when the broker has taken responsibility. */
  CompletionStage<?> publish(Order order);
}
