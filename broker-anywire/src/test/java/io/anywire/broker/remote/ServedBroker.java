package io.anywire.broker.remote;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import java.time.Duration;
import java.util.UUID;

/** An empty memory broker that is served on a free port. */
final class ServedBroker implements AutoCloseable {
  private final Anywire anywire = Anywire.builder().application("broker").build();
  private final AnywireServer server;

  ServedBroker() {
    this(Duration.ofSeconds(30));
  }

  ServedBroker(Duration lease) {
    this(lease, ClientLimits.DEFAULT);
  }

  ServedBroker(Duration lease, ClientLimits limits) {
    server =
        anywire
            .server()
            .service(
                new BrokerHandler(anywire.broker("memory:" + UUID.randomUUID()), lease, limits))
            .drainLimit(Duration.ofMillis(100))
            .listen("grpc://127.0.0.1:0")
            .start();
  }

  String url() {
    return server.urls().getFirst().withScheme("anywire").toString();
  }

  @Override
  public void close() {
    anywire.close();
  }
}
