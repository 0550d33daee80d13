package io.anywire.conformance.chaos;

import io.anywire.Anywire;
import io.anywire.broker.remote.BrokerHandler;

/** Serves a broker in memory at a port, until it is stopped. */
final class BrokerProcess {
  static final String READY = "broker ready";

  private BrokerProcess() {}

  /** The port. */
  @SuppressWarnings("SystemOut") // It is what is waited for.
  public static void main(String[] arguments) throws Exception {
    try (Anywire anywire = Anywire.builder().application("broker").build()) {
      var server =
          anywire
              .server()
              .service(new BrokerHandler(anywire.broker("memory:")))
              .listen("http://127.0.0.1:" + arguments[0])
              .start();
      System.out.println(READY);
      server.await();
    }
  }
}
