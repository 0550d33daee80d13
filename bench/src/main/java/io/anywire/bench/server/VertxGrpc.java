package io.anywire.bench.server;

import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.anywire.bench.v1.HelloStreamRequest;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.WriteStream;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;

/** Vert.x's own gRPC server, on its event loop. */
public final class VertxGrpc {
  private static final ServiceName GREETER = ServiceName.create("anywire.bench.v1.Greeter");
  private static final ServiceMethod<HelloRequest, HelloReply> SAY_HELLO =
      ServiceMethod.server(
          GREETER,
          "SayHello",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HelloRequest.getDefaultInstance()));

  private static final ServiceMethod<HelloStreamRequest, HelloReply> STREAM_HELLOS =
      ServiceMethod.server(
          GREETER,
          "StreamHellos",
          GrpcMessageEncoder.encoder(),
          GrpcMessageDecoder.decoder(HelloStreamRequest.getDefaultInstance()));

  private VertxGrpc() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) {
    VertxServer.serve(Integer.parseInt(args[0]), VertxGrpc::handler);
  }

  private static Handler<HttpServerRequest> handler(Vertx vertx) {
    return GrpcServer.server(vertx)
        .callHandler(
            SAY_HELLO, call -> call.handler(request -> call.response().end(Greeter.reply(request))))
        .callHandler(
            STREAM_HELLOS,
            call ->
                call.handler(
                    request -> send(request.getName(), request.getCount(), call.response())));
  }

  /** Sends as many as the client takes, and the rest when it takes more. */
  private static void send(String name, int count, WriteStream<HelloReply> client) {
    int left = count;
    while (left > 0 && !client.writeQueueFull()) {
      client.write(Greeter.reply(name));
      left--;
    }
    if (left == 0) {
      client.end();
    } else {
      int rest = left;
      client.drainHandler(drained -> send(name, rest, client));
    }
  }
}
