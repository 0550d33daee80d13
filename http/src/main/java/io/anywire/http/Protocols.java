package io.anywire.http;

import io.anywire.http.connect.ConnectServer;
import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.grpc.GrpcServer;
import io.anywire.http.rest.RestOptions;
import io.anywire.http.rest.RestServer;
import io.anywire.wire.Services;

/**
 * The protocols that one port answers: gRPC and gRPC-Web by the content type, Connect by the path
 * of a method's name, and REST otherwise. Thread-safe.
 *
 * @param grpc which also keeps account of the calls that it and {@code connect} answer
 */
public record Protocols(GrpcServer grpc, ConnectServer connect, RestServer rest)
    implements ExchangeHandler {

  /**
   * Answers for these services.
   *
   * @param rest how REST is answered; its largest message is that of gRPC and Connect, too
   * @param connectVersionRequired whether Connect's requests must say its version
   */
  public static Protocols of(Services services, RestOptions rest, boolean connectVersionRequired) {
    GrpcServer grpc = new GrpcServer(services, rest.messageBytes());
    ConnectServer connect = new ConnectServer(grpc, services.contract(), connectVersionRequired);
    return new Protocols(grpc, connect, new RestServer(services, rest));
  }

  @Override
  public void handle(Exchange exchange) {
    if (GrpcServer.isGrpc(exchange)) {
      grpc.handle(exchange);
    } else if (connect.answers(exchange)) {
      connect.handle(exchange);
    } else {
      rest.handle(exchange);
    }
  }
}
