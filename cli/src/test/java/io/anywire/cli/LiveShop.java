package io.anywire.cli;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.examples.shop.users.UserConfig;
import io.anywire.examples.shop.users.UserService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A broker and the user service, served by this process on free ports. */
final class LiveShop implements AutoCloseable {
  private static final String ANY_PORT = "http://127.0.0.1:0";

  private final Anywire anywire = Anywire.builder().build();
  private final AnywireServer broker;
  private final UserService users;

  LiveShop(Path data) {
    broker =
        anywire
            .server()
            .service(new BrokerHandler(anywire.broker("memory:cli-test")))
            .drainLimit(Duration.ZERO)
            .listen(ANY_PORT)
            .start();
    users = UserService.start(new UserConfig(List.of(ANY_PORT), broker(), data.toString()));
  }

  String broker() {
    return broker.urls().getFirst().withScheme("anywire").toString();
  }

  String http() {
    return users.urls().getFirst().toString();
  }

  String grpc() {
    return users.urls().getFirst().withScheme("grpc").toString();
  }

  @Override
  public void close() {
    users.close();
    broker.close();
    anywire.close();
  }
}
