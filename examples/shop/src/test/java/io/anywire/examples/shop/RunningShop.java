package io.anywire.examples.shop;

import io.anywire.Anywire;
import io.anywire.examples.shop.orders.OrderConfig;
import io.anywire.examples.shop.orders.OrderService;
import io.anywire.examples.shop.users.UserConfig;
import io.anywire.examples.shop.users.UserService;
import java.util.List;

/** Both services of the shop in this JVM, and the runtime of their caller. */
record RunningShop(UserService users, OrderService orders, Anywire caller, String broker)
    implements AutoCloseable {
  private static final String ANYWHERE = "http://127.0.0.1:0";

  /**
   * Starts it; orders call users over gRPC.
   *
   * @param database a JDBC URL, or a folder
   */
  static RunningShop start(String broker, String database) {
    UserService users = UserService.start(new UserConfig(List.of(ANYWHERE), broker, database));
    try {
      String url = grpc(users.urls().get(0).toString());
      OrderService orders =
          OrderService.start(new OrderConfig(List.of(ANYWHERE), broker, database, url));
      Anywire caller = Anywire.builder().application("shop-test").build();
      return new RunningShop(users, orders, caller, broker);
    } catch (Throwable t) {
      users.close();
      throw t;
    }
  }

  /** Where users are called by REST. */
  String usersHttp() {
    return users.urls().get(0).toString();
  }

  /** Where orders are called by REST. */
  String ordersHttp() {
    return orders.urls().get(0).toString();
  }

  /** The same port by gRPC. */
  static String grpc(String http) {
    return http.replace("http://", "grpc://");
  }

  @Override
  public void close() {
    caller.close();
    orders.close();
    users.close();
  }
}
