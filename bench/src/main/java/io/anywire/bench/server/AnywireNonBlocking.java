package io.anywire.bench.server;

import io.anywire.NonBlocking;
import io.anywire.bench.v1.GreeterHandler;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;

/** Anywire with the same handler on the event loop. */
public final class AnywireNonBlocking {
  private AnywireNonBlocking() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws InterruptedException {
    AnywireBlocking.serve(new EventLoopGreeter(), args[0]);
  }

  @NonBlocking
  private static final class EventLoopGreeter implements GreeterHandler {
    @Override
    public HelloReply sayHello(HelloRequest request) {
      return Greeter.reply(request);
    }
  }
}
