package io.anywire.bench.client;

import io.anywire.bench.v1.GreeterGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;

/** A blocking stub on grpc-java's own channel. */
public final class GrpcJavaClient {
  private GrpcJavaClient() {}

  /** Calls as it is told, until the process is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(args[1]))
            .usePlaintext()
            .disableRetry()
            .defaultLoadBalancingPolicy("pick_first")
            .build();
    Orders.take(Integer.parseInt(args[0]), GreeterGrpc.newBlockingStub(channel)::sayHello);
  }
}
