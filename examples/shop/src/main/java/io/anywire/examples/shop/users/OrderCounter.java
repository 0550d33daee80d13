package io.anywire.examples.shop.users;

import com.google.protobuf.Empty;
import io.anywire.examples.shop.storage.Inbox;
import io.anywire.examples.shop.storage.Outbox;
import io.anywire.examples.shop.storage.Transaction;
import io.anywire.examples.shop.v1.OrderCancelledEvent;
import io.anywire.examples.shop.v1.OrderEventsHandler;
import io.anywire.examples.shop.v1.OrderPlacedEvent;
import io.anywire.examples.shop.v1.UserDeletedEvent;
import io.anywire.examples.shop.v1.UserEventsGrpc;

/**
 * Counts the orders that users have placed, each once however often its event comes. An order
 * cancelled has still been placed. Thread-safe.
 */
public final class OrderCounter implements OrderEventsHandler {
  private final Inbox inbox;
  private final Outbox outbox;

  /** Counts in the transactions of {@code inbox}. */
  public OrderCounter(Inbox inbox, Outbox outbox) {
    this.inbox = inbox;
    this.outbox = outbox;
  }

  @Override
  public Empty orderPlaced(OrderPlacedEvent event) {
    inbox.once(tx -> count(tx, event.getUserId()));
    return Empty.getDefaultInstance();
  }

  @Override
  public Empty orderCancelled(OrderCancelledEvent event) {
    return Empty.getDefaultInstance();
  }

  /**
   * A user who was deleted while the order was being placed has left an open order behind: whoever
   * keeps orders is told of the deletion once more.
   */
  private void count(Transaction tx, String userId) {
    if (!UserTable.addOrder(tx, userId)) {
      UserDeletedEvent event = UserDeletedEvent.newBuilder().setUserId(userId).build();
      outbox.add(tx, UserEventsGrpc.getUserDeletedMethod(), event);
    }
  }
}
