package io.anywire.bench.armeria;

import com.linecorp.armeria.client.grpc.GrpcClients;
import io.anywire.bench.client.Orders;
import io.anywire.bench.v1.GreeterGrpc.GreeterBlockingStub;
import java.io.IOException;

/** A blocking stub that Armeria made. */
public final class ArmeriaClient {
  private ArmeriaClient() {}

  /** Calls as it is told, until the process is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String url = "gproto+h2c://127.0.0.1:" + args[1];
    GreeterBlockingStub stub = GrpcClients.newClient(url, GreeterBlockingStub.class);
    Orders.take(Integer.parseInt(args[0]), stub::sayHello);
  }
}
