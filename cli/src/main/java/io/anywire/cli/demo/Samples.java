package io.anywire.cli.demo;

import com.google.protobuf.FieldMask;
import io.anywire.examples.shop.v1.CreateOrderRequest;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.DeleteOrderRequest;
import io.anywire.examples.shop.v1.DeleteUserRequest;
import io.anywire.examples.shop.v1.GetOrderRequest;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.UpdateOrderRequest;
import io.anywire.examples.shop.v1.UpdateUserRequest;
import io.anywire.examples.shop.v1.User;
import java.util.concurrent.atomic.AtomicLong;

/** The requests that the demo sends. */
final class Samples {
  private static final AtomicLong NEXT = new AtomicLong();

  private Samples() {}

  /** An id that was not used before, also not by another demo on the same broker. */
  static String id(String what) {
    long started = ProcessHandle.current().pid();
    return "%s-%d-%d".formatted(what, started, NEXT.incrementAndGet());
  }

  static CreateUserRequest createUser(String id) {
    User user =
        User.newBuilder().setId(id).setName("Ada " + id).setEmail(id + "@example.org").build();
    return CreateUserRequest.newBuilder().setUser(user).build();
  }

  static GetUserRequest getUser(String id) {
    return GetUserRequest.newBuilder().setId(id).build();
  }

  static UpdateUserRequest renameUser(String id, String name) {
    return UpdateUserRequest.newBuilder()
        .setUser(User.newBuilder().setId(id).setName(name))
        .setUpdateMask(FieldMask.newBuilder().addPaths("name"))
        .build();
  }

  static DeleteUserRequest deleteUser(String id) {
    return DeleteUserRequest.newBuilder().setId(id).build();
  }

  static CreateOrderRequest createOrder(String id, String userId) {
    Order order =
        Order.newBuilder().setId(id).setUserId(userId).setItem("teapot").setQuantity(1).build();
    return CreateOrderRequest.newBuilder().setOrder(order).build();
  }

  static GetOrderRequest getOrder(String id) {
    return GetOrderRequest.newBuilder().setId(id).build();
  }

  static UpdateOrderRequest resizeOrder(String id, int quantity) {
    return UpdateOrderRequest.newBuilder()
        .setOrder(Order.newBuilder().setId(id).setQuantity(quantity))
        .setUpdateMask(FieldMask.newBuilder().addPaths("quantity"))
        .build();
  }

  static DeleteOrderRequest deleteOrder(String id) {
    return DeleteOrderRequest.newBuilder().setId(id).build();
  }
}
