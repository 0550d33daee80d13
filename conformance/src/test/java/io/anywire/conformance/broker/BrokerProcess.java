package io.anywire.conformance.broker;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.remote.BrokerHandler;

/** Serves the broker whose URL is its second argument at the port that is its first. */
final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] args) throws InterruptedException {
    Anywire anywire = Anywire.builder().application("broker").build();
    AnywireServer server =
        anywire
            .server()
            .service(new BrokerHandler(anywire.broker(args[1])))
            .listen("grpc://127.0.0.1:" + args[0])
            .start();
    System.out.println("serving");
    server.await();
  }
}
