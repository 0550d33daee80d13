package io.anywire.cli.demo;

import com.google.rpc.Code;
import com.google.rpc.Status;
import io.anywire.broker.Message;
import io.anywire.broker.Topic;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderEventsGrpc;
import io.anywire.examples.shop.v1.OrderPlacedEvent;
import io.anywire.examples.shop.v1.OrderServiceGrpc;
import io.anywire.examples.shop.v1.User;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.anywire.messaging.envelope.Envelope;
import io.anywire.messaging.task.TaskHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Checks of what goes through the broker: tasks and events. */
final class MessageChecks {
  private static final Topic USER_TASKS = Topic.queue(UserServiceGrpc.SERVICE_NAME);

  /** Looking through dead letters is no cheap question. */
  private static final long UNHURRIED = TimeUnit.MILLISECONDS.toNanos(300);

  private final Wires wires;
  private final Checks checks;

  MessageChecks(Wires wires, Checks checks) {
    this.wires = wires;
    this.checks = checks;
  }

  void run() {
    checks.check("a task's result is there for whoever asks later by its id", this::taskResult);
    checks.check("a task that is refused ends in the dead letters, with its status", this::refused);
    checks.check("orders placed over every wire are counted, by event", this::ordersCounted);
    checks.check("an order whose event comes twice is counted once", this::countedOnce);
    for (Wires.Pair pair : wires.pairs()) {
      checks.check(
          "a user deleted over " + pair.wire() + " has the open orders cancelled, by event",
          () -> ordersCancelled(pair));
    }
  }

  private void taskResult() {
    String id = Samples.id("later");
    String task =
        wires.tasks().enqueue(UserServiceGrpc.getCreateUserMethod(), Samples.createUser(id)).id();
    User created =
        wires.tasks().handle(task, UserServiceGrpc.getCreateUserMethod()).await(Way.LIMIT);
    Checks.requireEqual(created, user(id), "the result");
  }

  private void refused() {
    String id = createUser().getId();
    TaskHandle<User> task =
        wires.tasks().enqueue(UserServiceGrpc.getCreateUserMethod(), Samples.createUser(id));
    Status status = Errors.of(new Way.Task("users", wires.tasks()), way -> task.await(Way.LIMIT));
    Checks.requireEqual(Code.forNumber(status.getCode()), Code.ALREADY_EXISTS, "status");
    Checks.require(
        Waiting.until(UNHURRIED, () -> purged(task.id())), "no dead letter with the task's id");
  }

  /** Whether the dead letter was there; it is not left behind. */
  private boolean purged(String id) {
    return wires
            .broker()
            .deadLetters(USER_TASKS, Topic.WORKERS)
            .purge(letter -> letter.message().id().equals(id))
        == 1;
  }

  private void ordersCounted() {
    String id = createUser().getId();
    wires.pairs().forEach(pair -> order(pair, id));
    awaitCount(id, wires.pairs().size());
  }

  private void countedOnce() {
    String id = createUser().getId();
    Message twice = orderPlaced(id);
    publish(twice);
    publish(twice);
    awaitCount(id, 1);
    publish(twice);
    // What comes after the third copy has been handled shows that none of the three was lost.
    publish(orderPlaced(id));
    awaitCount(id, 2);
    publish(orderPlaced(id));
    awaitCount(id, 3);
  }

  private void ordersCancelled(Wires.Pair pair) {
    String id = createUser().getId();
    Order first = order(pair, id);
    Order second = order(wires.grpc(), id);
    pair.users().call(UserServiceGrpc.getDeleteUserMethod(), Samples.deleteUser(id));
    await(() -> isCancelled(first) && isCancelled(second), "the orders are still open");
  }

  private void awaitCount(String user, int expected) {
    Waiting.until(() -> user(user).getOrderCount() >= expected);
    Checks.requireEqual(user(user).getOrderCount(), expected, "order_count");
  }

  private static void await(BooleanSupplier condition, String otherwise) {
    Checks.require(Waiting.until(condition), otherwise + " after " + Way.LIMIT.toSeconds() + " s");
  }

  private User createUser() {
    return wires
        .grpc()
        .users()
        .call(UserServiceGrpc.getCreateUserMethod(), Samples.createUser(Samples.id("user")));
  }

  private Order order(Wires.Pair pair, String user) {
    return pair.orders()
        .call(
            OrderServiceGrpc.getCreateOrderMethod(),
            Samples.createOrder(Samples.id("order"), user));
  }

  private User user(String id) {
    return wires.grpc().users().call(UserServiceGrpc.getGetUserMethod(), Samples.getUser(id));
  }

  private boolean isCancelled(Order order) {
    return wires
            .grpc()
            .orders()
            .call(OrderServiceGrpc.getGetOrderMethod(), Samples.getOrder(order.getId()))
            .getState()
        == Order.State.CANCELLED;
  }

  private Message orderPlaced(String user) {
    OrderPlacedEvent event =
        OrderPlacedEvent.newBuilder().setOrderId(Samples.id("order")).setUserId(user).build();
    return Envelope.begin(OrderEventsGrpc.SERVICE_NAME + ".OrderPlaced", "anywire-demo")
        .payload(event.toByteString())
        .build();
  }

  private void publish(Message event) {
    wires
        .broker()
        .publish(Topic.events(OrderEventsGrpc.SERVICE_NAME), event)
        .toCompletableFuture()
        .join();
  }
}
