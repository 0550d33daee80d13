package io.anywire.examples.shop.orders;

import com.google.protobuf.Empty;
import io.anywire.examples.shop.request.Page;
import io.anywire.examples.shop.request.Refusals;
import io.anywire.examples.shop.request.UpdateMask;
import io.anywire.examples.shop.request.Violations;
import io.anywire.examples.shop.storage.Database;
import io.anywire.examples.shop.storage.Outbox;
import io.anywire.examples.shop.storage.Transaction;
import io.anywire.examples.shop.storage.UniqueViolation;
import io.anywire.examples.shop.v1.CreateOrderRequest;
import io.anywire.examples.shop.v1.DeleteOrderRequest;
import io.anywire.examples.shop.v1.GetOrderRequest;
import io.anywire.examples.shop.v1.ListOrdersRequest;
import io.anywire.examples.shop.v1.ListOrdersResponse;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderEventsGrpc;
import io.anywire.examples.shop.v1.OrderPlacedEvent;
import io.anywire.examples.shop.v1.OrderServiceHandler;
import io.anywire.examples.shop.v1.UpdateOrderRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.util.List;

/** The orders of the shop, the same over every wire. Thread-safe. */
public final class OrderHandler implements OrderServiceHandler {
  private final Database database;
  private final Outbox outbox;
  private final Users users;

  /**
   * Keeps orders in {@code database}, and tells of them through {@code outbox}.
   *
   * @param users where the user service is reached
   */
  public OrderHandler(Database database, Outbox outbox, Channel users) {
    this.database = database;
    this.outbox = outbox;
    this.users = new Users(users);
  }

  @Override
  public Order createOrder(CreateOrderRequest request) {
    Order order = OrderRules.placed(request);
    users.requireUser(order.getUserId());
    try {
      return database.transaction(tx -> place(tx, order));
    } catch (UniqueViolation e) {
      throw Refusals.alreadyExists("ID_TAKEN", "the id '" + order.getId() + "' is taken");
    }
  }

  @Override
  public Order getOrder(GetOrderRequest request) {
    new Violations().id("id", request.getId()).throwIfAny();
    return database
        .transaction(tx -> OrderTable.find(tx, request.getId()))
        .orElseThrow(() -> notFound(request.getId()));
  }

  @Override
  public ListOrdersResponse listOrders(ListOrdersRequest request) {
    Page page = Page.of(request.getPageSize(), request.getPageToken());
    List<Order> orders = database.transaction(tx -> list(tx, request.getUserId(), page));
    return ListOrdersResponse.newBuilder()
        .addAllOrders(page.shown(orders))
        .setNextPageToken(page.nextToken(orders, Order::getId))
        .build();
  }

  @Override
  public Order updateOrder(UpdateOrderRequest request) {
    UpdateMask mask = OrderRules.mask(request);
    Order given = request.getOrder();
    return database.transaction(tx -> {
      Order order = OrderTable.lock(tx, given.getId()).orElseThrow(() -> notFound(given.getId()));
      if (order.getState() == Order.State.CANCELLED) {
        throw Refusals.failedPrecondition(
            "ORDER_CANCELLED", "the order '" + order.getId() + "' is cancelled");
      }
      Order updated = OrderRules.updated(order, given, mask);
      OrderTable.update(tx, updated);
      return updated;
    });
  }

  @Override
  public Empty deleteOrder(DeleteOrderRequest request) {
    String id = request.getId();
    new Violations().id("id", id).throwIfAny();
    if (!database.transaction(tx -> OrderTable.delete(tx, id))) {
      throw notFound(id);
    }
    return Empty.getDefaultInstance();
  }

  private Order place(Transaction tx, Order order) {
    OrderTable.insert(tx, order);
    OrderPlacedEvent event =
        OrderPlacedEvent.newBuilder()
            .setOrderId(order.getId())
            .setUserId(order.getUserId())
            .build();
    outbox.add(tx, OrderEventsGrpc.getOrderPlacedMethod(), event);
    return order;
  }

  private static List<Order> list(Transaction tx, String userId, Page page) {
    if (userId.isEmpty()) {
      return OrderTable.list(tx, page);
    }
    new Violations().id("user_id", userId).throwIfAny();
    return OrderTable.listOfUser(tx, userId, page);
  }

  private static StatusRuntimeException notFound(String id) {
    return Refusals.notFound("ORDER_NOT_FOUND", "order", id);
  }
}
