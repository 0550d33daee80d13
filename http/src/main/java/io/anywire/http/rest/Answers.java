package io.anywire.http.rest;

import io.anywire.call.Failures;
import io.anywire.http.exchange.Exchange;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** Writes whole responses. */
final class Answers {
  private Answers() {}

  /** The headers of a response with that metadata, its trailers included. */
  static Http2Headers headers(CharSequence contentType, Metadata headers, Metadata trailers) {
    Http2Headers result = new DefaultHttp2Headers(false, 8);
    result.add(HttpHeaderNames.CONTENT_TYPE, contentType);
    if (InternalMetadata.headerCount(headers) > 0) {
      HeaderMetadata.forEach(headers, result::add);
    }
    if (InternalMetadata.headerCount(trailers) > 0) {
      HeaderMetadata.forEach(
          trailers, (name, value) -> result.add(HeaderMetadata.TRAILER + name, value));
    }
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

  /**
   * Answers with a problem, in the form that the client likes best. Nobody is to keep it: what has
   * no lifetime may otherwise be kept by guess, a 404 for example (RFC 9110, section 15.1).
   *
   * @param headers may hold more of the response's headers
   */
  static void problem(
      Exchange exchange,
      int httpStatus,
      com.google.rpc.Status status,
      Http2Headers headers,
      Representations representations) {
    Representation form = representations.forProblem(exchange.headers());
    headers.set(HttpHeaderNames.CONTENT_TYPE, form.problemType());
    if (isGet(exchange) && !headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
      headers.add(HttpHeaderNames.CACHE_CONTROL, Caching.NO_STORE);
    }
    RetryHint.of(status).ifPresent(seconds -> headers.setLong("retry-after", seconds));
    byte[] body = form.problem(httpStatus, status);
    whole(exchange, httpStatus, headers, Unpooled.wrappedBuffer(body));
  }

  /** Answers with that body. */
  static void whole(Exchange exchange, int httpStatus, Http2Headers headers, ByteBuf body) {
    exchange.complete(httpStatus, headers, body, EmptyHttp2Headers.INSTANCE);
  }

  /** Whether the request reads, and changes nothing. */
  static boolean isGet(Exchange exchange) {
    String verb = exchange.method();
    return verb.equals("GET") || verb.equals("HEAD");
  }
}
