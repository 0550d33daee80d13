package io.anywire.examples.shop.orders;

import io.anywire.WireUrl;
import io.anywire.examples.shop.Foundation;
import io.anywire.examples.shop.v1.OrderEventsGrpc;
import io.grpc.Channel;
import java.util.List;

/** The order service, running. Thread-safe. */
public final class OrderService implements AutoCloseable {
  private final Foundation foundation;

  private OrderService(Foundation foundation) {
    this.foundation = foundation;
  }

  /**
   * Starts the service; when this returns, every wire answers.
   *
   * @throws IllegalArgumentException when an URL is malformed or its scheme unknown
   * @throws IllegalStateException when the database cannot be opened
   * @throws java.io.UncheckedIOException when an address cannot be bound
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE} when the broker cannot be reached
   */
  public static OrderService start(OrderConfig config) {
    Foundation foundation =
        Foundation.lay(
            "orders",
            config.broker(),
            config.database(),
            OrderTable.SCHEMA,
            OrderEventsGrpc.getServiceDescriptor());
    try {
      Channel users = foundation.anywire().channel(config.users());
      foundation.serve(
          config.listen(),
          List.of(new OrderHandler(foundation.database(), foundation.outbox(), users)),
          new OrderCanceller(foundation.inbox(), foundation.outbox()));
      return new OrderService(foundation);
    } catch (Throwable t) {
      foundation.close();
      throw t;
    }
  }

  /** Where it listens, apart from the broker, with the ports that were really bound. */
  public List<WireUrl> urls() {
    return foundation.urls();
  }

  /** Drains and closes. Idempotent. */
  @Override
  public void close() {
    foundation.close();
  }
}
