package io.anywire.bench.server;

import io.anywire.Anywire;
import io.anywire.bench.v1.GreeterHandler;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.grpc.BindableService;

/** Anywire with a blocking handler, one virtual thread a call: gRPC and REST on one port. */
public final class AnywireBlocking {
  private AnywireBlocking() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws InterruptedException {
    serve(new BlockingGreeter(), args[0]);
  }

  static void serve(BindableService handler, String port) throws InterruptedException {
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      anywire.server().service(handler).listen("http://127.0.0.1:" + port).start().await();
    }
  }

  private static final class BlockingGreeter implements GreeterHandler {
    @Override
    public HelloReply sayHello(HelloRequest request) {
      return Greeter.reply(request);
    }
  }
}
