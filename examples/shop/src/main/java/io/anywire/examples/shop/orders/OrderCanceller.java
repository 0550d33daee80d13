package io.anywire.examples.shop.orders;

import com.google.protobuf.Empty;
import io.anywire.examples.shop.storage.Inbox;
import io.anywire.examples.shop.storage.Outbox;
import io.anywire.examples.shop.storage.Transaction;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderCancelledEvent;
import io.anywire.examples.shop.v1.OrderEventsGrpc;
import io.anywire.examples.shop.v1.UserCreatedEvent;
import io.anywire.examples.shop.v1.UserDeletedEvent;
import io.anywire.examples.shop.v1.UserEventsHandler;

/** Cancels the open orders of users who have been deleted, all or none. Thread-safe. */
public final class OrderCanceller implements UserEventsHandler {
  private final Inbox inbox;
  private final Outbox outbox;

  /** Cancels in the transactions of {@code inbox}, and tells of it through {@code outbox}. */
  public OrderCanceller(Inbox inbox, Outbox outbox) {
    this.inbox = inbox;
    this.outbox = outbox;
  }

  @Override
  public Empty userCreated(UserCreatedEvent event) {
    return Empty.getDefaultInstance();
  }

  @Override
  public Empty userDeleted(UserDeletedEvent event) {
    inbox.once(
        tx -> OrderTable.lockOpen(tx, event.getUserId()).forEach(order -> cancel(tx, order)));
    return Empty.getDefaultInstance();
  }

  private void cancel(Transaction tx, Order order) {
    OrderTable.update(tx, order.toBuilder().setState(Order.State.CANCELLED).build());
    OrderCancelledEvent event =
        OrderCancelledEvent.newBuilder()
            .setOrderId(order.getId())
            .setUserId(order.getUserId())
            .setReason("the user has been deleted")
            .build();
    outbox.add(tx, OrderEventsGrpc.getOrderCancelledMethod(), event);
  }
}
