package io.anywire.http.grpc;

import io.anywire.http.exchange.Exchange;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * gRPC over HTTP/2 itself: the status is in HTTP's trailers. Immutable.
 *
 * @param limit the largest set of headers, or of trailers, that the client takes
 */
record GrpcDialect(long limit) implements Dialect {
  private static final GrpcDialect UNLIMITED = new GrpcDialect(ResponseHeaders.UNLIMITED);

  static GrpcDialect within(long limit) {
    return limit == ResponseHeaders.UNLIMITED ? UNLIMITED : new GrpcDialect(limit);
  }

  @Override
  public String acceptHeader() {
    return "grpc-accept-encoding";
  }

  @Override
  public Http2Headers head(Metadata metadata, String encoding) {
    return ResponseHeaders.head(metadata, encoding, limit);
  }

  @Override
  public Ending ending(Status status, Metadata trailers) {
    return new Ending(Unpooled.EMPTY_BUFFER, ResponseHeaders.trailers(status, trailers, limit));
  }

  @Override
  public void refuse(Exchange exchange, Status status, Metadata trailers) {
    exchange.complete(
        200,
        ResponseHeaders.only(status, trailers, limit),
        Unpooled.EMPTY_BUFFER,
        EmptyHttp2Headers.INSTANCE);
  }
}
