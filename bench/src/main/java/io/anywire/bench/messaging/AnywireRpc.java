package io.anywire.bench.messaging;

import io.anywire.Anywire;
import io.anywire.bench.client.Orders;
import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.GreeterHandler;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.anywire.bench.v1.HelloStreamRequest;
import io.anywire.handler.Sender;
import java.io.IOException;

/** A handler, and the blocking stub that calls it over some wire. */
public final class AnywireRpc {
  private AnywireRpc() {}

  /** Does as it is told, until the process is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      String wire = args[args.length - 1];
      anywire.server().service(new Greeter()).listen(wire).start();
      var stub = GreeterGrpc.newBlockingStub(anywire.channel(wire));
      Orders.take(Integer.parseInt(args[0]), stub::sayHello);
    }
  }

  private static final class Greeter implements GreeterHandler {
    @Override
    public HelloReply sayHello(HelloRequest request) {
      return HelloReply.newBuilder().setMessage("Hello, " + request.getName()).build();
    }

    @Override
    public void streamHellos(HelloStreamRequest request, Sender<HelloReply> out) {
      throw new UnsupportedOperationException("not measured");
    }
  }
}
