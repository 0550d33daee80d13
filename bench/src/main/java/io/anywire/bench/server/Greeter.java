package io.anywire.bench.server;

import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.grpc.stub.StreamObserver;

/** The handler in grpc-java's own style, for its own server. Thread-safe. */
final class Greeter extends GreeterGrpc.GreeterImplBase {
  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    replies.onNext(reply(request));
    replies.onCompleted();
  }

  static HelloReply reply(HelloRequest request) {
    return HelloReply.newBuilder().setMessage("Hello, " + request.getName()).build();
  }
}
