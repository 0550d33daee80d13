package io.anywire.http.rest;

import io.anywire.call.Failures;
import io.anywire.http.exchange.Exchange;
import io.anywire.json.JsonCodec;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** Writes whole responses. */
final class Answers {
  private Answers() {}

  /** The headers of a response with that metadata, its trailers included. */
  static Http2Headers headers(String contentType, Metadata headers, Metadata trailers) {
    Http2Headers result = new DefaultHttp2Headers(false);
    result.add("content-type", contentType);
    HeaderMetadata.forEach(headers, result::add);
    HeaderMetadata.forEach(
        trailers, (name, value) -> result.add(HeaderMetadata.TRAILER + name, value));
    return result;
  }

  /**
   * The {@code google.rpc.Status} of a call's end; trailers that contradict the status are dropped.
   */
  static com.google.rpc.Status rpcStatus(Status status, Metadata trailers) {
    try {
      return Failures.rpcStatusOf(status, trailers);
    } catch (IllegalArgumentException e) {
      return Failures.rpcStatusOf(status, null);
    }
  }

  /** Answers with a problem; {@code headers} may hold more of the response's headers. */
  static void problem(
      Exchange exchange,
      int httpStatus,
      com.google.rpc.Status status,
      Http2Headers headers,
      JsonCodec codec) {
    headers.set("content-type", Problem.MEDIA_TYPE);
    RetryHint.of(status).ifPresent(seconds -> headers.setLong("retry-after", seconds));
    byte[] body = Problem.bytes(httpStatus, status, codec);
    whole(exchange, httpStatus, headers, Unpooled.wrappedBuffer(body));
  }

  /** Answers with that body. */
  static void whole(Exchange exchange, int httpStatus, Http2Headers headers, ByteBuf body) {
    exchange.complete(httpStatus, headers, body, EmptyHttp2Headers.INSTANCE);
  }
}
