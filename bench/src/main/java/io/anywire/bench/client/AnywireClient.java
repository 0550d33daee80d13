package io.anywire.bench.client;

import io.anywire.Anywire;
import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.GreeterGrpc.GreeterBlockingStub;
import java.io.IOException;

/** A blocking stub on Anywire's channel. */
public final class AnywireClient {
  private AnywireClient() {}

  /** Calls as it is told, until the process is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      GreeterBlockingStub stub =
          GreeterGrpc.newBlockingStub(anywire.channel("grpc://127.0.0.1:" + args[1]));
      Orders.take(Integer.parseInt(args[0]), stub::sayHello);
    }
  }
}
