package io.anywire.conformance.crash;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.remote.BrokerHandler;
import java.nio.file.Path;

/** Opens a broker, serves it at a port, and works on one of its queues itself; to be killed. */
final class HostProcess {
  static final String OPENING = "opening";
  static final String SERVING = "serving";

  private HostProcess() {}

  /** The port, the URL of the broker, and the file for the worker's notes. */
  @SuppressWarnings("SystemOut") // It is what is waited for.
  public static void main(String[] arguments) throws Exception {
    try (Anywire anywire = Anywire.builder().application("crash-host").build();
        Notes notes = Notes.to(Path.of(arguments[2]))) {
      System.out.println(OPENING);
      long begun = System.nanoTime();
      Broker broker = anywire.broker(arguments[1]);
      System.out.println("opened in " + (System.nanoTime() - begun) / 1_000 + " us");
      HostedWorker.start(broker, notes);
      var server =
          anywire
              .server()
              .service(new BrokerHandler(broker))
              .listen("http://127.0.0.1:" + arguments[0])
              .start();
      System.out.println(SERVING);
      server.await();
    }
  }
}
