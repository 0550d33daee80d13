package io.anywire.bench.client;

import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcReadStream;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** Vert.x's own gRPC client, whose future is waited for. */
public final class VertxClient {
  private static final ServiceMethod<HelloReply, HelloRequest> SAY_HELLO =
      ServiceMethod.client(
          ServiceName.create("anywire.bench.v1.Greeter"),
          "SayHello",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HelloReply.getDefaultInstance()));

  private final GrpcClient client;
  private final SocketAddress server;

  private VertxClient(GrpcClient client, SocketAddress server) {
    this.client = client;
    this.server = server;
  }

  /** Calls as it is told, until the process is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    var server = SocketAddress.inetSocketAddress(Integer.parseInt(args[1]), "127.0.0.1");
    var client = new VertxClient(GrpcClient.client(vertx), server);
    Orders.take(Integer.parseInt(args[0]), client::sayHello);
  }

  private HelloReply sayHello(HelloRequest request)
      throws ExecutionException, InterruptedException {
    return client
        .request(server, SAY_HELLO)
        .compose(call -> call.send(request))
        .compose(GrpcReadStream::last)
        .toCompletionStage()
        .toCompletableFuture()
        .get();
  }
}
