package io.anywire.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import io.anywire.Anywire;
import io.anywire.broker.Message;
import io.anywire.broker.Topic;
import io.anywire.examples.shop.v1.CreateOrderRequest;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.DeleteOrderRequest;
import io.anywire.examples.shop.v1.DeleteUserRequest;
import io.anywire.examples.shop.v1.GetOrderRequest;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderCancelledEvent;
import io.anywire.examples.shop.v1.OrderEventsHandler;
import io.anywire.examples.shop.v1.OrderPlacedEvent;
import io.anywire.examples.shop.v1.OrderServiceGrpc;
import io.anywire.examples.shop.v1.UpdateOrderRequest;
import io.anywire.examples.shop.v1.UpdateUserRequest;
import io.anywire.examples.shop.v1.User;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.anywire.messaging.task.Tasks;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two services tell each other, and the same handlers worked by tasks. */
class EventsAndTasksTest {
  private static final String BROKER = "memory:events-and-tasks";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static RunningShop shop;
  private static UserServiceGrpc.UserServiceBlockingStub users;
  private static OrderServiceGrpc.OrderServiceBlockingStub orders;

  @BeforeAll
  static void start() {
    shop = RunningShop.start(BROKER, folder.toString());
    users = UserServiceGrpc.newBlockingStub(shop.caller().channel(BROKER));
    orders = OrderServiceGrpc.newBlockingStub(shop.caller().channel(BROKER));
  }

  @AfterAll
  static void close() {
    shop.close();
  }

  @Test
  void an_order_placed_raises_its_users_count() {
    createUser("counted");
    for (int i = 0; i < 5; i++) {
      orders.createOrder(order("", "counted"));
    }
    await().atMost(PATIENCE).until(() -> user("counted").getOrderCount() == 5);
  }

  @Test
  void an_event_that_comes_twice_counts_once() {
    createUser("twice");
    Message placed = placed("event-1", "twice");
    var broker = shop.caller().broker(BROKER);
    Topic topic = Topic.events("shop.v1.OrderEvents");
    for (int i = 0; i < 3; i++) {
      broker.publish(topic, placed).toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }
    broker
        .publish(topic, placed("event-2", "twice"))
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();

    await().atMost(PATIENCE).until(() -> user("twice").getOrderCount() == 2);
    await().during(Duration.ofMillis(500)).until(() -> user("twice").getOrderCount() == 2);
    assertThat(broker.deadLetters(topic, "users").list(1)).isEmpty();
  }

  @Test
  void deleting_a_user_cancels_the_users_open_orders_and_says_so() {
    List<OrderCancelledEvent> cancelled = new CopyOnWriteArrayList<>();
    try (Anywire observer = Anywire.builder().application("observer").build()) {
      observer.server().service(collecting(cancelled)).listen(BROKER).start();
      createUser("leaver");
      createUser("stayer");
      orders.createOrder(order("leaver-1", "leaver"));
      orders.createOrder(order("leaver-2", "leaver"));
      orders.createOrder(order("stayer-1", "stayer"));

      users.deleteUser(DeleteUserRequest.newBuilder().setId("leaver").build());

      await().atMost(PATIENCE).until(() -> state("leaver-1") == Order.State.CANCELLED);
      await().atMost(PATIENCE).until(() -> state("leaver-2") == Order.State.CANCELLED);
      assertThat(state("stayer-1")).isEqualTo(Order.State.OPEN);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(cancelled)
                  .extracting(OrderCancelledEvent::getOrderId)
                  .containsExactlyInAnyOrder("leaver-1", "leaver-2"));
    }
    UpdateOrderRequest late =
        UpdateOrderRequest.newBuilder().setOrder(order("leaver-1", "leaver").getOrder()).build();
    assertThat(Errors.from(() -> orders.updateOrder(late)))
        .isEqualTo(Errors.of(Code.FAILED_PRECONDITION, "ORDER_CANCELLED"));
  }

  @Test
  void an_order_placed_while_its_user_was_being_deleted_is_cancelled_when_it_is_counted()
      throws Exception {
    createUser("racer");
    orders.createOrder(order("racer-1", "racer"));
    await().atMost(PATIENCE).until(() -> user("racer").getOrderCount() == 1);
    deleteRow("racer");

    shop.caller()
        .broker(BROKER)
        .publish(Topic.events("shop.v1.OrderEvents"), placed("event-of-nobody", "racer"))
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();

    await().atMost(PATIENCE).until(() -> state("racer-1") == Order.State.CANCELLED);
  }

  @Test
  void both_are_created_changed_and_deleted_as_tasks() {
    CreateUserRequest create = userRequest("tasked");
    User user = done(UserServiceGrpc.getCreateUserMethod(), create);
    assertThat(user.getId()).isEqualTo("tasked");
    User renamed = user.toBuilder().setName("Renamed").build();
    assertThat(
            done(
                UserServiceGrpc.getUpdateUserMethod(),
                UpdateUserRequest.newBuilder().setUser(renamed).build()))
        .isEqualTo(renamed);

    Order order = done(OrderServiceGrpc.getCreateOrderMethod(), order("tasked-1", "tasked"));
    Order more = order.toBuilder().setQuantity(7).build();
    assertThat(
            done(
                OrderServiceGrpc.getUpdateOrderMethod(),
                UpdateOrderRequest.newBuilder().setOrder(more).build()))
        .isEqualTo(more);
    done(
        OrderServiceGrpc.getDeleteOrderMethod(),
        DeleteOrderRequest.newBuilder().setId("tasked-1").build());
    done(
        UserServiceGrpc.getDeleteUserMethod(),
        DeleteUserRequest.newBuilder().setId("tasked").build());
    assertThat(Errors.from(() -> user("tasked")))
        .isEqualTo(Errors.of(Code.NOT_FOUND, "USER_NOT_FOUND"));
  }

  @Test
  void a_task_that_is_refused_has_the_refusal_as_its_result() {
    CreateUserRequest wrong = CreateUserRequest.newBuilder().setUser(User.newBuilder()).build();
    assertThat(Errors.from(() -> done(UserServiceGrpc.getCreateUserMethod(), wrong)))
        .isEqualTo(Errors.invalid("user.name", "user.email"));
  }

  private static <Q, R> R done(MethodDescriptor<Q, R> method, Q request) {
    try (Tasks tasks = Tasks.at(shop.caller(), BROKER)) {
      return tasks.enqueue(method, request).await(PATIENCE);
    }
  }

  private static OrderEventsHandler collecting(List<OrderCancelledEvent> cancelled) {
    return new OrderEventsHandler() {
      @Override
      public Empty orderPlaced(OrderPlacedEvent event) {
        return Empty.getDefaultInstance();
      }

      @Override
      public Empty orderCancelled(OrderCancelledEvent event) {
        cancelled.add(event);
        return Empty.getDefaultInstance();
      }
    };
  }

  private static void deleteRow(String id) throws SQLException {
    String url =
        "jdbc:h2:file:" + folder.resolve("users") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement statement =
            connection.prepareStatement("DELETE FROM users WHERE id = ?")) {
      statement.setString(1, id);
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  private static Message placed(String id, String user) {
    return Message.builder()
        .attribute("id", id)
        .attribute("source", "a-test")
        .attribute("specversion", "1.0")
        .attribute("type", "shop.v1.OrderEvents.OrderPlaced")
        .attribute("datacontenttype", "application/protobuf")
        .payload(
            OrderPlacedEvent.newBuilder()
                .setOrderId("an-order")
                .setUserId(user)
                .build()
                .toByteString())
        .build();
  }

  private static User user(String id) {
    return users.getUser(GetUserRequest.newBuilder().setId(id).build());
  }

  private static Order.State state(String id) {
    return orders.getOrder(GetOrderRequest.newBuilder().setId(id).build()).getState();
  }

  private static void createUser(String id) {
    users.createUser(userRequest(id));
  }

  private static CreateUserRequest userRequest(String id) {
    return CreateUserRequest.newBuilder()
        .setUser(User.newBuilder().setId(id).setName("Ada").setEmail(id + "@example.org"))
        .build();
  }

  private static CreateOrderRequest order(String id, String user) {
    return CreateOrderRequest.newBuilder()
        .setOrder(Order.newBuilder().setId(id).setUserId(user).setItem("tea").setQuantity(1))
        .build();
  }
}
