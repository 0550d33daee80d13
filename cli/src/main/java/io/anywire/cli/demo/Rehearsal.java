package io.anywire.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Main;
import io.anywire.cli.Terminal;
import io.anywire.examples.shop.orders.OrderConfig;
import io.anywire.examples.shop.orders.OrderService;
import io.anywire.examples.shop.users.UserConfig;
import io.anywire.examples.shop.users.UserService;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the demo's processes do, in one process and once: a broker, both services, and a call over
 * every wire. The launcher runs it after a build, so that the JVM writes down the classes that all
 * of this needs and later processes map them instead of loading them.
 */
final class Rehearsal {
  private static final List<String> ANY_PORT = List.of("http://127.0.0.1:0");

  private Rehearsal() {}

  /** Exits with the code of the first command that failed, after saying what it said. */
  public static void main(String[] args) {
    DemoFolder folder = DemoFolder.create();
    try {
      System.exit(rehearse(folder.data().toString()));
    } finally {
      folder.delete();
    }
  }

  private static int rehearse(String data) {
    try (Anywire anywire = Anywire.builder().build()) {
      String broker = serveBroker(anywire);
      try (UserService users = UserService.start(new UserConfig(ANY_PORT, broker, data))) {
        String http = users.urls().getFirst().toString();
        String grpc = users.urls().getFirst().withScheme("grpc").toString();
        try (OrderService orders =
            OrderService.start(new OrderConfig(ANY_PORT, broker, data, grpc))) {
          return call(http, orders.urls().getFirst().toString(), grpc, broker);
        }
      }
    }
  }

  private static String serveBroker(Anywire anywire) {
    AnywireServer server =
        anywire
            .server()
            .service(new BrokerHandler(anywire.broker("memory:")))
            .drainLimit(Duration.ZERO)
            .listen(ANY_PORT.getFirst())
            .start();
    return server.urls().getFirst().withScheme("anywire").toString();
  }

  private static int call(String users, String orders, String grpc, String broker) {
    return Stream.of(
            List.of("shop.v1.UserService/ListUsers", users),
            List.of("shop.v1.OrderService/ListOrders", orders),
            List.of("shop.v1.UserService/ListUsers", grpc),
            List.of("shop.v1.UserService/ListUsers", broker))
        .mapToInt(call -> run("call", call.getFirst(), "--to", call.getLast(), "--data", "{}"))
        .filter(exitCode -> exitCode != ExitCode.OK)
        .findFirst()
        .orElse(ExitCode.OK);
  }

  private static int run(String... command) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, UTF_8);
    int exitCode = Main.run(new Terminal(new ByteArrayInputStream(new byte[0]), out, out), command);
    if (exitCode != ExitCode.OK) {
      System.err.println(said.toString(UTF_8));
    }
    return exitCode;
  }
}
