package io.anywire.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.Anywire;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.examples.shop.orders.OrderConfig;
import io.anywire.examples.shop.orders.OrderService;
import io.anywire.examples.shop.v1.CreateOrderRequest;
import io.anywire.examples.shop.v1.CreateUserRequest;
import io.anywire.examples.shop.v1.GetUserRequest;
import io.anywire.examples.shop.v1.GreeterGrpc;
import io.anywire.examples.shop.v1.HelloRequest;
import io.anywire.examples.shop.v1.Order;
import io.anywire.examples.shop.v1.OrderServiceGrpc;
import io.anywire.examples.shop.v1.User;
import io.anywire.examples.shop.v1.UserServiceGrpc;
import io.anywire.testing.JavaProcess;
import io.anywire.testing.LocalProcess;
import io.anywire.testing.PostgreSql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services as processes: how they start, how they end, and how they are killed. */
class ShopProcessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern READY = Pattern.compile("^users ready at (http://127.0.0.1:\\d+)$");

  @TempDir static Path folder;
  private static Anywire anywire;
  private static String broker;

  @BeforeAll
  static void start() {
    anywire = Anywire.builder().application("process-test").build();
    broker =
        anywire
            .server()
            .service(new BrokerHandler(anywire.broker("memory:processes")))
            .listen("http://127.0.0.1:0")
            .drainLimit(
                Duration.ofMillis(100)) // its clients' subscriptions never end by themselves
            .start()
            .urls()
            .get(0)
            .toString()
            .replace("http://", "anywire://");
  }

  @AfterAll
  static void close() {
    anywire.close();
  }

  @Test
  void a_process_says_one_line_keeps_what_it_answered_and_ends_cleanly_when_asked() {
    String data = folder.resolve("clean").toString();
    try (LocalProcess process = users(data)) {
      String url = url(process);
      assertThat(
              GreeterGrpc.newBlockingStub(anywire.channel(url))
                  .sayHello(HelloRequest.newBuilder().setName("Ada").build())
                  .getMessage())
          .isEqualTo("Hello, Ada!");
      createUser(url, "kept");
      assertThat(process.terminate(PATIENCE)).as(process.output()).isZero();
      assertThat(process.output().lines()).hasSize(1);
    }
  }

  @Test
  void a_process_that_is_killed_has_kept_every_user_that_it_created() {
    String data = folder.resolve("killed").toString();
    try (LocalProcess process = users(data)) {
      String url = url(process);
      for (int i = 0; i < 20; i++) {
        createUser(url, "survivor-" + i);
      }
      process.kill();
    }
    try (LocalProcess process = users(data)) {
      String url = url(process);
      for (int i = 0; i < 20; i++) {
        assertThat(user(url, "survivor-" + i).getId()).isEqualTo("survivor-" + i);
      }
    }
  }

  @Test
  void an_error_in_the_command_line_or_at_the_start_is_one_line_and_an_exit_code() {
    try (LocalProcess unknown = process().arguments("--port", "1").start()) {
      assertThat(unknown.awaitExit(PATIENCE)).isEqualTo(2);
      assertThat(unknown.output())
          .isEqualTo("users: --port: no such option (expected: --listen, --broker, --db)");
    }
    String taken = broker.replace("anywire://", "http://");
    try (LocalProcess late =
        process()
            .arguments("--listen", taken, "--broker", broker, "--db", folder.resolve("x") + "")
            .start()) {
      assertThat(late.awaitExit(PATIENCE)).isEqualTo(1);
      assertThat(late.output().lines()).as(late.output()).hasSize(1);
    }
  }

  @Test
  void a_subscriber_killed_in_the_middle_of_handling_loses_and_repeats_no_order() throws Exception {
    String database = PostgreSql.shared().newDatabase();
    OrderConfig config =
        new OrderConfig(List.of(), broker, folder.resolve("orders").toString(), broker);
    try (OrderService orders = OrderService.start(config);
        Connection locker = DriverManager.getConnection(database)) {
      locker.setAutoCommit(false);
      try (LocalProcess doomed = users(database)) {
        createUser(url(doomed), "busy");
        lock(locker, "busy");
        for (int i = 0; i < 5; i++) {
          placeOrder("busy");
        }
        await().atMost(PATIENCE).until(() -> handlersThatWait(database) > 0);
        doomed.kill();
      }
      locker.rollback();

      try (LocalProcess successor = users(database)) {
        String url = url(successor);
        await().atMost(PATIENCE).until(() -> user(url, "busy").getOrderCount() >= 5);
        await().during(Duration.ofMillis(500)).until(() -> user(url, "busy").getOrderCount() == 5);
      }
    }
  }

  private static LocalProcess users(String database) {
    return process()
        .arguments("--listen", "http://127.0.0.1:0", "--broker=" + broker, "--db", database)
        .start();
  }

  private static JavaProcess process() {
    return JavaProcess.of(UsersMain.class).jvmOptions("--enable-native-access=ALL-UNNAMED");
  }

  private static String url(LocalProcess process) {
    return RunningShop.grpc(process.awaitLine(READY, PATIENCE).group(1));
  }

  private static void createUser(String url, String id) {
    var unused =
        UserServiceGrpc.newBlockingStub(anywire.channel(url))
            .createUser(
                CreateUserRequest.newBuilder()
                    .setUser(User.newBuilder().setId(id).setName("Ada").setEmail(id + "@x"))
                    .build());
  }

  private static User user(String url, String id) {
    return UserServiceGrpc.newBlockingStub(anywire.channel(url))
        .getUser(GetUserRequest.newBuilder().setId(id).build());
  }

  private static void placeOrder(String user) {
    var unused =
        OrderServiceGrpc.newBlockingStub(anywire.channel(broker))
            .createOrder(
                CreateOrderRequest.newBuilder()
                    .setOrder(Order.newBuilder().setUserId(user).setItem("tea").setQuantity(1))
                    .build());
  }

  private static void lock(Connection connection, String id) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT id FROM users WHERE id = '" + id + "' FOR UPDATE")) {
      assertThat(row.next()).isTrue();
    }
  }

  private static int handlersThatWait(String database) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND wait_event_type = 'Lock' AND query LIKE 'UPDATE users%'")) {
      row.next();
      return row.getInt(1);
    }
  }
}
