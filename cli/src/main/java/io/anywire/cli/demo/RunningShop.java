package io.anywire.cli.demo;

import io.anywire.cli.Main;
import io.anywire.examples.shop.OrdersMain;
import io.anywire.examples.shop.UsersMain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The processes of the demo: a broker of our own unless there is another, the user service and the
 * order service. {@link #close} ends them in the opposite order, so that what is under way can
 * finish. Thread-safe.
 */
final class RunningShop implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<ShopProcess> processes = new ArrayList<>();
  private final DemoFolder folder;
  private final Ports ports;
  private final Optional<String> otherBroker;
  private boolean closed;

  RunningShop(DemoFolder folder, Ports ports, Optional<String> otherBroker) {
    this.folder = folder;
    this.ports = ports;
    this.otherBroker = otherBroker;
  }

  /**
   * Starts everything; when this returns, every wire of both services answers.
   *
   * @throws io.anywire.cli.CliException when one does not start; the others are then stopped by
   *     {@link #close}
   */
  void start() throws InterruptedException {
    if (otherBroker.isEmpty()) {
      start("broker", Main.class, "broker", "--listen", "http://127.0.0.1:" + ports.broker())
          .awaitReady();
    }
    String data = folder.data().toString();
    ShopProcess users =
        start(
            "users", UsersMain.class, "--listen", usersHttp(), "--broker", broker(), "--db", data);
    ShopProcess orders =
        start(
            "orders",
            OrdersMain.class,
            "--listen",
            ordersHttp(),
            "--broker",
            broker(),
            "--db",
            data,
            "--users",
            usersGrpc());
    users.awaitReady();
    orders.awaitReady();
  }

  /**
   * Checks that all processes still run.
   *
   * @throws io.anywire.cli.CliException naming the one that does not
   */
  void requireAlive() {
    lock.lock();
    try {
      for (ShopProcess process : processes) {
        if (!process.isAlive() && !closed) {
          throw process.failure("ended unexpectedly");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  String broker() {
    return otherBroker.orElse("anywire://127.0.0.1:" + ports.broker());
  }

  String usersHttp() {
    return "http://127.0.0.1:" + ports.users();
  }

  String usersGrpc() {
    return "grpc://127.0.0.1:" + ports.users();
  }

  String ordersHttp() {
    return "http://127.0.0.1:" + ports.orders();
  }

  String ordersGrpc() {
    return "grpc://127.0.0.1:" + ports.orders();
  }

  /** Stops every process and waits for its end; nothing is started any more. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      processes.reversed().forEach(ShopProcess::stop);
    } finally {
      lock.unlock();
    }
  }

  private ShopProcess start(String name, Class<?> main, String... arguments) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the demo is being stopped");
      }
      ShopProcess process =
          ShopProcess.start(name, folder.logs(), main.getName(), List.of(arguments));
      processes.add(process);
      return process;
    } finally {
      lock.unlock();
    }
  }
}
