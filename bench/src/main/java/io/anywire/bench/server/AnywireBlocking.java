package io.anywire.bench.server;

import io.anywire.Anywire;
import io.anywire.bench.v1.GreeterHandler;
import io.grpc.BindableService;

/** Anywire with a blocking handler, one virtual thread a call: gRPC and REST on one port. */
public final class AnywireBlocking {
  private AnywireBlocking() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws InterruptedException {
    GreeterHandler handler = Greeter::reply;
    serve(handler, args[0]);
  }

  static void serve(BindableService handler, String port) throws InterruptedException {
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      anywire.server().service(handler).listen("http://127.0.0.1:" + port).start().await();
    }
  }
}
