package io.anywire.cli.demo;

import io.anywire.cli.demo.Measurements.Row;
import io.anywire.examples.shop.v1.GreeterGrpc;
import io.anywire.examples.shop.v1.HelloRequest;
import io.anywire.examples.shop.v1.ListOrdersRequest;
import io.anywire.examples.shop.v1.ListUsersRequest;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderEventsGrpc;
import io.anywire.examples.shop.v1.OrderPlacedEvent;
import io.anywire.examples.shop.v1.OrderServiceGrpc;
import io.anywire.examples.shop.v1.UserDeletedEvent;
import io.anywire.examples.shop.v1.UserEventsGrpc;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** What the demo does all the time: every operation of both services on every wire, measured. */
final class Traffic {
  private final Wires wires;
  private final Measurements measurements;

  Traffic(Wires wires, Measurements measurements) {
    this.wires = wires;
    this.measurements = measurements;
  }

  /** The life of a user with an order, told over one wire. */
  void lives(Wires.Pair pair) {
    Way users = pair.users();
    Way orders = pair.orders();
    String user = Samples.id(pair.wire());
    String order = Samples.id(pair.wire());
    measured(users, UserServiceGrpc.getCreateUserMethod(), Samples.createUser(user));
    measured(orders, OrderServiceGrpc.getCreateOrderMethod(), Samples.createOrder(order, user));
    if (users.reads()) {
      read(pair, user, order);
    }
    measured(users, UserServiceGrpc.getUpdateUserMethod(), Samples.renameUser(user, "Grace"));
    measured(orders, OrderServiceGrpc.getUpdateOrderMethod(), Samples.resizeOrder(order, 2));
    measured(orders, OrderServiceGrpc.getDeleteOrderMethod(), Samples.deleteOrder(order));
    measured(users, UserServiceGrpc.getDeleteUserMethod(), Samples.deleteUser(user));
  }

  /**
   * An event to each service, measured until its effect is seen: an order placed raises the user's
   * count, a user deleted cancels the user's orders.
   */
  void events() {
    Wires.Pair grpc = wires.grpc();
    String user = Samples.id("event");
    String order = Samples.id("event");
    grpc.users().call(UserServiceGrpc.getCreateUserMethod(), Samples.createUser(user));
    grpc.orders().call(OrderServiceGrpc.getCreateOrderMethod(), Samples.createOrder(order, user));
    require(Waiting.until(() -> orderCount(user) == 1), "the order was not counted");
    OrderPlacedEvent placed =
        OrderPlacedEvent.newBuilder().setOrderId(order + "-again").setUserId(user).build();
    event("users", OrderEventsGrpc.getOrderPlacedMethod(), placed, () -> orderCount(user) == 2);
    UserDeletedEvent deleted = UserDeletedEvent.newBuilder().setUserId(user).build();
    event("orders", UserEventsGrpc.getUserDeletedMethod(), deleted, () -> isCancelled(order));
    grpc.users().call(UserServiceGrpc.getDeleteUserMethod(), Samples.deleteUser(user));
  }

  private void read(Wires.Pair pair, String user, String order) {
    Way users = pair.users();
    HelloRequest hello = HelloRequest.newBuilder().setName("Ada").build();
    measured(users, GreeterGrpc.getSayHelloMethod(), hello);
    measured(users, UserServiceGrpc.getGetUserMethod(), Samples.getUser(user));
    measured(users, UserServiceGrpc.getListUsersMethod(), ListUsersRequest.getDefaultInstance());
    measured(pair.orders(), OrderServiceGrpc.getGetOrderMethod(), Samples.getOrder(order));
    measured(
        pair.orders(),
        OrderServiceGrpc.getListOrdersMethod(),
        ListOrdersRequest.newBuilder().setUserId(user).build());
  }

  private <Q, R> void measured(Way way, MethodDescriptor<Q, R> method, Q request) {
    Row row = new Row(way.service(), way.wire(), name(method));
    measurements.measure(row, () -> way.call(method, request));
  }

  private <Q> void event(
      String service, MethodDescriptor<Q, ?> method, Q event, BooleanSupplier effect) {
    measurements.measure(
        new Row(service, "event", name(method)),
        () -> {
          new Way.Call(service, "event", wires.events()).call(method, event);
          require(Waiting.until(effect), "the event had no effect");
          return true;
        });
  }

  private int orderCount(String user) {
    return wires
        .grpc()
        .users()
        .call(UserServiceGrpc.getGetUserMethod(), Samples.getUser(user))
        .getOrderCount();
  }

  private boolean isCancelled(String order) {
    return wires
            .grpc()
            .orders()
            .call(OrderServiceGrpc.getGetOrderMethod(), Samples.getOrder(order))
            .getState()
        == Order.State.CANCELLED;
  }

  private static void require(boolean held, String otherwise) {
    if (!held) {
      throw Status.DEADLINE_EXCEEDED
          .withDescription(otherwise + " within " + Way.LIMIT)
          .asRuntimeException();
    }
  }

  private static String name(MethodDescriptor<?, ?> method) {
    return Objects.requireNonNull(method.getBareMethodName());
  }
}
