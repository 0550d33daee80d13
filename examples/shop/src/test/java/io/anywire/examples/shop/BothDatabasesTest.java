package io.anywire.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import io.anywire.examples.shop.v1.CreateOrderRequest;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.DeleteOrderRequest;
import io.anywire.examples.shop.v1.GetOrderRequest;
import io.anywire.examples.shop.v1.ListOrdersRequest;
import io.anywire.examples.shop.v1.ListOrdersResponse;
import io.anywire.examples.shop.v1.ListUsersRequest;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderServiceGrpc;
import io.anywire.examples.shop.v1.OrderServiceGrpc.OrderServiceBlockingStub;
import io.anywire.examples.shop.v1.UpdateOrderRequest;
import io.anywire.examples.shop.v1.UpdateUserRequest;
import io.anywire.examples.shop.v1.User;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.anywire.examples.shop.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the handlers promise holds on H2 and on PostgreSQL. */
class BothDatabasesTest {
  private static final Map<Databases, RunningShop> SHOPS = new EnumMap<>(Databases.class);

  @TempDir static Path folder;

  @ParameterizedTest
  @EnumSource
  void orders_are_placed_read_listed_changed_and_deleted(Databases database) {
    OrderServiceBlockingStub orders = orders(database);
    createUser(database, "buyer");

    Order placed = orders.createOrder(order("o1", "buyer", "tea", 2));
    assertThat(placed.getState()).isEqualTo(Order.State.OPEN);
    assertThat(orders.getOrder(GetOrderRequest.newBuilder().setId("o1").build())).isEqualTo(placed);
    assertThat(orders.createOrder(order("", "buyer", "milk", 1)).getId()).hasSize(36);

    Order more = placed.toBuilder().setQuantity(5).build();
    assertThat(orders.updateOrder(update(more, "quantity"))).isEqualTo(more);
    Order coffee = more.toBuilder().setItem("coffee").build();
    assertThat(orders.updateOrder(UpdateOrderRequest.newBuilder().setOrder(coffee).build()))
        .isEqualTo(coffee);

    ListOrdersResponse mine =
        orders.listOrders(ListOrdersRequest.newBuilder().setUserId("buyer").build());
    assertThat(mine.getOrdersList()).hasSize(2).contains(coffee);
    orders.deleteOrder(DeleteOrderRequest.newBuilder().setId("o1").build());
    assertThat(Errors.from(() -> orders.getOrder(GetOrderRequest.newBuilder().setId("o1").build())))
        .isEqualTo(Errors.of(Code.NOT_FOUND, "ORDER_NOT_FOUND"));
  }

  @ParameterizedTest
  @EnumSource
  void an_order_is_refused_with_every_field_that_is_wrong(Databases database) {
    OrderServiceBlockingStub orders = orders(database);
    createUser(database, "refused");
    assertThat(Errors.from(() -> orders.createOrder(order("A b", "", "", 0))))
        .isEqualTo(Errors.invalid("order.id", "order.user_id", "order.item", "order.quantity"));
    assertThat(Errors.from(() -> orders.createOrder(order("", "ghost", "tea", 1))))
        .isEqualTo(Errors.of(Code.NOT_FOUND, "USER_NOT_FOUND"));
    orders.createOrder(order("taken", "refused", "tea", 1));
    assertThat(Errors.from(() -> orders.createOrder(order("taken", "refused", "tea", 1))))
        .isEqualTo(Errors.of(Code.ALREADY_EXISTS, "ID_TAKEN"));
    Order elsewhere = Order.newBuilder().setId("taken").setUserId("another").build();
    assertThat(Errors.from(() -> orders.updateOrder(update(elsewhere, "user_id"))))
        .isEqualTo(Errors.invalid("order.user_id"));
    assertThat(Errors.from(() -> orders.listOrders(page(-1, ""))))
        .isEqualTo(Errors.invalid("page_size"));
    assertThat(Errors.from(() -> orders.listOrders(page(1, "%%"))))
        .isEqualTo(Errors.invalid("page_token"));
  }

  @ParameterizedTest
  @EnumSource
  void an_update_keeps_what_only_the_service_sets_and_what_the_mask_leaves_out(Databases database) {
    UserServiceBlockingStub users = users(database);
    User user = createUser(database, "kept");
    User given = user.toBuilder().setName("New").setOrderCount(99).setEmail("other@x").build();

    User updated = users.updateUser(update(given, "name", "order_count", "create_time"));

    assertThat(updated).isEqualTo(user.toBuilder().setName("New").build());
    assertThat(users.updateUser(update(given))).isEqualTo(updated);
    assertThat(users.updateUser(update(given, "*")).getEmail()).isEqualTo("other@x");
    User nameless = User.newBuilder().setId("kept").setEmail("other@x").build();
    assertThat(
            Errors.from(
                () -> users.updateUser(UpdateUserRequest.newBuilder().setUser(nameless).build())))
        .isEqualTo(Errors.invalid("user.name"));
  }

  @ParameterizedTest
  @EnumSource
  void an_address_is_given_to_one_of_many_who_want_it_at_once(Databases database) throws Exception {
    UserServiceBlockingStub users = users(database);
    Callable<Boolean> attempt =
        () -> {
          try {
            users.createUser(user("", "Wanted", "wanted@example.org"));
            return true;
          } catch (io.grpc.StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Code.ALREADY_EXISTS);
            return false;
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> attempts =
          threads.invokeAll(IntStream.range(0, 20).mapToObj(i -> attempt).toList());
      assertThat(attempts).extracting(Future::get).containsOnlyOnce(true);
    }
  }

  @ParameterizedTest
  @EnumSource
  void pages_show_every_user_once_in_the_order_of_ids(Databases database) {
    UserServiceBlockingStub users = users(database);
    IntStream.range(0, 25).forEach(i -> createUser(database, "page%02d".formatted(i)));
    Set<String> seen = ConcurrentHashMap.newKeySet();
    String token = "";
    do {
      var page =
          users.listUsers(ListUsersRequest.newBuilder().setPageSize(7).setPageToken(token).build());
      assertThat(page.getUsersCount()).isLessThanOrEqualTo(7);
      assertThat(page.getUsersList()).allSatisfy(u -> assertThat(seen.add(u.getId())).isTrue());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(seen).contains("page00", "page12", "page24");
  }

  @AfterAll
  static void close() {
    SHOPS.values().forEach(RunningShop::close);
  }

  private static Channel channel(Databases database) {
    return shop(database).caller().channel(shop(database).broker());
  }

  private static RunningShop shop(Databases database) {
    return SHOPS.computeIfAbsent(
        database, d -> RunningShop.start("memory:databases-" + d, d.fresh(folder)));
  }

  private static UserServiceBlockingStub users(Databases database) {
    return UserServiceGrpc.newBlockingStub(channel(database));
  }

  private static OrderServiceBlockingStub orders(Databases database) {
    return OrderServiceGrpc.newBlockingStub(channel(database));
  }

  private static User createUser(Databases database, String id) {
    return users(database).createUser(user(id, "Ada", id + "@example.org"));
  }

  private static CreateUserRequest user(String id, String name, String email) {
    return CreateUserRequest.newBuilder()
        .setUser(User.newBuilder().setId(id).setName(name).setEmail(email))
        .build();
  }

  private static CreateOrderRequest order(String id, String user, String item, int quantity) {
    return CreateOrderRequest.newBuilder()
        .setOrder(Order.newBuilder().setId(id).setUserId(user).setItem(item).setQuantity(quantity))
        .build();
  }

  private static ListOrdersRequest page(int size, String token) {
    return ListOrdersRequest.newBuilder().setPageSize(size).setPageToken(token).build();
  }

  private static UpdateOrderRequest update(Order order, String... mask) {
    return UpdateOrderRequest.newBuilder()
        .setOrder(order)
        .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(mask)))
        .build();
  }

  private static UpdateUserRequest update(User user, String... mask) {
    return UpdateUserRequest.newBuilder()
        .setUser(user)
        .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(mask)))
        .build();
  }
}
