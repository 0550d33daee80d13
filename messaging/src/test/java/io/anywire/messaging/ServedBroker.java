package io.anywire.messaging;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.remote.BrokerHandler;
import java.util.UUID;

/** An empty broker that is served to other processes. */
final class ServedBroker implements AutoCloseable {
  private final Anywire anywire = Anywire.builder().application("broker").build();
  private final AnywireServer server =
      anywire
          .server()
          .service(new BrokerHandler(anywire.broker("memory:" + UUID.randomUUID())))
          .listen("http://127.0.0.1:0")
          .start();

  /** Its URL, {@code anywire://…}. */
  String url() {
    return server.urls().getFirst().withScheme("anywire").toString();
  }

  @Override
  public void close() {
    anywire.close();
  }
}
