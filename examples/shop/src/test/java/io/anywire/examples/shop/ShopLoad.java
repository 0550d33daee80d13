package io.anywire.examples.shop;

import io.anywire.Anywire;
import io.anywire.examples.shop.v1.CreateOrderRequest;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderServiceGrpc;
import io.anywire.examples.shop.v1.OrderServiceGrpc.OrderServiceBlockingStub;
import io.anywire.examples.shop.v1.User;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.anywire.examples.shop.v1.UserServiceGrpc.UserServiceBlockingStub;
import io.anywire.messaging.task.Tasks;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls users and orders, and leaves orders as tasks, over a broker, until it is stopped. Each
 * order becomes an event, by which the user service counts it. Thread-safe.
 */
final class ShopLoad implements AutoCloseable {
  private static final int CALL_SECONDS = 10;

  /** Of each caller, between two calls: fewer orders than two outboxes publish. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(80);

  private static final Duration TASK = Duration.ofSeconds(60);
  private static final String USER = "buyer";

  private final Anywire anywire = Anywire.builder().application("shop-load").build();
  private final UserServiceBlockingStub users;
  private final OrderServiceBlockingStub orders;
  private final Tasks tasks;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger placed = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> callers = new ArrayList<>();
  private volatile boolean stopped;

  ShopLoad(String broker) {
    users = UserServiceGrpc.newBlockingStub(anywire.channel(broker));
    orders = OrderServiceGrpc.newBlockingStub(anywire.channel(broker));
    tasks = Tasks.at(anywire, broker);
  }

  void start() {
    var unused =
        users.createUser(
            CreateUserRequest.newBuilder()
                .setUser(User.newBuilder().setId(USER).setName("Ada").setEmail("ada@x"))
                .build());
    for (int i = 0; i < 4; i++) {
      repeat("getUser", this::getUser);
      repeat("createOrder", this::createOrder);
      repeat("task", this::leaveOrder);
    }
  }

  /** Makes no more calls, and waits for those that run. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread caller : callers) {
      caller.join();
    }
  }

  /** How many calls and tasks have succeeded. */
  int calls() {
    return calls.get();
  }

  /** How many orders were placed, by call or task. */
  int placed() {
    return placed.get();
  }

  /** How many of them have arrived as events. */
  int counted() {
    return getUser().getOrderCount();
  }

  Queue<String> failures() {
    return failures;
  }

  @Override
  public void close() {
    stopped = true;
    tasks.close();
    anywire.close();
  }

  private void repeat(String what, Runnable call) {
    callers.add(
        Thread.ofVirtual()
            .name("shop-load-" + callers.size())
            .start(() -> {
              while (!stopped) {
                try {
                  call.run();
                  calls.incrementAndGet();
                } catch (StatusRuntimeException e) {
                  failures.add(what + ": " + e.getStatus());
                }
                LockSupport.parkNanos(PAUSE_NANOS);
              }
            }));
  }

  private User getUser() {
    return users
        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
        .getUser(GetUserRequest.newBuilder().setId(USER).build());
  }

  private void createOrder() {
    var unused = orders.withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS).createOrder(order());
    placed.incrementAndGet();
  }

  private void leaveOrder() {
    var unused = tasks.enqueue(OrderServiceGrpc.getCreateOrderMethod(), order()).await(TASK);
    placed.incrementAndGet();
  }

  private static CreateOrderRequest order() {
    return CreateOrderRequest.newBuilder()
        .setOrder(Order.newBuilder().setUserId(USER).setItem("tea").setQuantity(1))
        .build();
  }
}
