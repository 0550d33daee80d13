package io.anywire.bench.server;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** grpc-java's own server; the second argument chooses where handlers run. */
public final class GrpcJava {
  /** Handlers run on the event loop. */
  public static final String DIRECT = "direct";

  /** Each call runs on a virtual thread. */
  public static final String VIRTUAL_THREADS = "virtual-threads";

  private GrpcJava() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    NettyServerBuilder builder = NettyServerBuilder.forAddress(address).addService(new Greeter());
    PemFiles.given()
        .ifPresent(
            pem -> builder.useTransportSecurity(pem.certificate().toFile(), pem.key().toFile()));
    switch (args[1]) {
      case DIRECT -> builder.directExecutor();
      case VIRTUAL_THREADS -> builder.executor(Executors.newVirtualThreadPerTaskExecutor());
      default -> throw new IllegalArgumentException("executor: " + args[1]);
    }
    builder.build().start().awaitTermination();
  }
}
