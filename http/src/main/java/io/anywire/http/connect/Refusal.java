package io.anywire.http.connect;

import io.anywire.call.Failures;
import io.anywire.http.exchange.Exchange;
import io.anywire.json.JsonCodec;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** An error in answer to a request that has become no call. Immutable. */
record Refusal(int httpStatus, com.google.rpc.Status error) {

  /** With the HTTP status of its code. */
  static Refusal of(StatusRuntimeException e) {
    return new Refusal(
        ConnectCode.httpStatus(e.getStatus().getCode()),
        Failures.rpcStatusOf(e.getStatus(), e.getTrailers()));
  }

  static Refusal of(int httpStatus, Status code, String text) {
    return new Refusal(
        httpStatus, Failures.rpcStatusOf(code.withDescription(text), new Metadata()));
  }

  void send(Exchange exchange, JsonCodec codec) {
    send(exchange, codec, new DefaultHttp2Headers(false));
  }

  /** Answers with it and with more headers, which are taken over. */
  void send(Exchange exchange, JsonCodec codec, Http2Headers headers) {
    headers.set("content-type", ConnectError.MEDIA_TYPE);
    exchange.complete(
        httpStatus,
        headers,
        Unpooled.wrappedBuffer(ConnectError.bytes(error, codec)),
        EmptyHttp2Headers.INSTANCE);
  }
}
