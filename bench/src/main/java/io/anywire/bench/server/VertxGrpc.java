package io.anywire.bench.server;

import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;

/** Vert.x's own gRPC server, on its event loop. */
public final class VertxGrpc {
  private static final ServiceMethod<HelloRequest, HelloReply> SAY_HELLO =
      ServiceMethod.server(
          ServiceName.create("anywire.bench.v1.Greeter"),
          "SayHello",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HelloRequest.getDefaultInstance()));

  private VertxGrpc() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) {
    VertxServer.serve(Integer.parseInt(args[0]), VertxGrpc::handler);
  }

  private static Handler<HttpServerRequest> handler(Vertx vertx) {
    return GrpcServer.server(vertx)
        .callHandler(
            SAY_HELLO,
            call -> call.handler(request -> call.response().end(Greeter.reply(request))));
  }
}
