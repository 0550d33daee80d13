package io.anywire.bench;

import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.HelloRequest;
import java.time.Duration;

/** Unary gRPC calls, {@value #STREAMS} at a time on each of h2load's connections. */
final class GrpcLoad implements Load {
  private static final HelloRequest REQUEST =
      HelloRequest.newBuilder().setName(Greeting.NAME).build();
  private static final int STREAMS = 32;

  private final H2Load tool =
      new H2Load(
          GreeterGrpc.getSayHelloMethod(),
          REQUEST,
          STREAMS,
          H2Load.FRAME_HEADER + Greeting.REPLY.getSerializedSize());

  @Override
  public void verify(Target target) throws InterruptedException {
    Greeting.require(Greeting.REPLY, target, stub -> stub.sayHello(REQUEST));
  }

  @Override
  public LoadResult run(Target target, Duration duration) throws InterruptedException {
    return tool.run(target, duration);
  }
}
