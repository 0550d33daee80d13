package io.anywire.bench.server;

import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.anywire.bench.v1.HelloStreamRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * The handler in grpc-java's own style, for its own server and for those that take its services. A
 * stream is sent as fast as the client takes it, without blocking a thread. Thread-safe.
 */
public final class Greeter extends GreeterGrpc.GreeterImplBase {
  @Override
  public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
    replies.onNext(reply(request));
    replies.onCompleted();
  }

  @Override
  public void streamHellos(HelloStreamRequest request, StreamObserver<HelloReply> replies) {
    var client = (ServerCallStreamObserver<HelloReply>) replies;
    client.setOnReadyHandler(new StreamOfHellos(request, client));
  }

  static HelloReply reply(HelloRequest request) {
    return reply(request.getName());
  }

  static HelloReply reply(String name) {
    return HelloReply.newBuilder().setMessage("Hello, " + name).build();
  }

  /** One stream. Its callbacks are serialised by the server. */
  private static final class StreamOfHellos implements Runnable {
    private final HelloStreamRequest request;
    private final ServerCallStreamObserver<HelloReply> client;
    private int sent;

    StreamOfHellos(HelloStreamRequest request, ServerCallStreamObserver<HelloReply> client) {
      this.request = request;
      this.client = client;
    }

    @Override
    public void run() {
      while (sent < request.getCount() && client.isReady()) {
        sent++;
        client.onNext(reply(request.getName()));
        if (sent == request.getCount()) {
          client.onCompleted();
        }
      }
    }
  }
}
