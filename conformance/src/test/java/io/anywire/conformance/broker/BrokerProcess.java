package io.anywire.conformance.broker;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.remote.BrokerHandler;

/** Serves an empty memory broker at the port that is its argument. */
final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] args) throws InterruptedException {
    Anywire anywire = Anywire.builder().application("broker").build();
    AnywireServer server =
        anywire
            .server()
            .service(new BrokerHandler(anywire.broker("memory:served")))
            .listen("grpc://127.0.0.1:" + args[0])
            .start();
    System.out.println("serving");
    server.await();
  }
}
