package io.anywire.bench.server;

import io.anywire.NonBlocking;
import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.anywire.bench.v1.HelloStreamRequest;
import io.grpc.stub.StreamObserver;

/** Anywire with a service in grpc-java's own style, which streams without blocking a thread. */
public final class AnywireObserver {
  private AnywireObserver() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws InterruptedException {
    AnywireBlocking.serve(new EventLoopGreeter(), args[0]);
  }

  @NonBlocking
  private static final class EventLoopGreeter extends GreeterGrpc.GreeterImplBase {
    private final Greeter greeter = new Greeter();

    @Override
    public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
      greeter.sayHello(request, replies);
    }

    @Override
    public void streamHellos(HelloStreamRequest request, StreamObserver<HelloReply> replies) {
      greeter.streamHellos(request, replies);
    }
  }
}
