package io.anywire.examples.shop;

import io.anywire.examples.shop.orders.OrderConfig;
import io.anywire.examples.shop.orders.OrderService;
import java.util.List;

/** The order service as a process. */
public final class OrdersMain {
  private static final String USAGE =
      """
      usage: orders [--listen URLS] [--users URL] [--broker URL] [--db JDBC-URL|FOLDER]
        --listen  where to serve REST and gRPC, one or several URLs   http://127.0.0.1:8082
        --users   where the user service is, over any wire            grpc://127.0.0.1:8081
        --broker  the broker for calls, tasks and events              %s
        --db      jdbc:h2:…, jdbc:postgresql:… or a folder            %s
      Each is a system property too: -Dshop.listen=…\
      """;

  private OrdersMain() {}

  /** Runs until it is asked to stop. */
  public static void main(String[] arguments) {
    ServiceProcess.run(
        "orders",
        arguments,
        USAGE,
        () -> OrderService.start(config(arguments)),
        OrderService::urls);
  }

  private static OrderConfig config(String[] arguments) {
    Options options = Options.of(arguments, List.of("listen", "users", "broker", "db"));
    return new OrderConfig(
        options.list("listen", "http://127.0.0.1:8082"),
        options.get("broker", ServiceProcess.BROKER),
        options.get("db", ServiceProcess.DATA),
        options.get("users", "grpc://127.0.0.1:8081"));
  }
}
