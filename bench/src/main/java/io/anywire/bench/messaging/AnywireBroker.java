package io.anywire.bench.messaging;

import io.anywire.Anywire;
import io.anywire.broker.remote.BrokerHandler;

/** A broker for other processes, as {@code ./anywire broker} serves one. */
public final class AnywireBroker {
  private AnywireBroker() {}

  /** Serves the broker whose URL is the last argument, until the process is killed. */
  public static void main(String[] args) throws InterruptedException {
    try (Anywire anywire = Anywire.builder().application("broker").build()) {
      anywire
          .server()
          .service(new BrokerHandler(anywire.broker(args[1])))
          .listen("http://127.0.0.1:" + args[0])
          .start()
          .await();
    }
  }
}
