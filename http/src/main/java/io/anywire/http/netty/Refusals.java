package io.anywire.http.netty;

import io.anywire.http.exchange.Problem;
import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** What the engine answers by itself. */
final class Refusals {
  static final Problem MALFORMED =
      new Problem(400, "Bad Request", "INVALID_ARGUMENT", "the request is not well-formed HTTP");
  static final Problem REQUEST_TIMEOUT =
      new Problem(
          408, "Request Timeout", "DEADLINE_EXCEEDED", "the rest of the request did not come");
  static final Problem TARGET_TOO_LONG =
      new Problem(414, "URI Too Long", "INVALID_ARGUMENT", "the request line is too long");
  static final Problem EXPECTATION =
      new Problem(417, "Expectation Failed", "INVALID_ARGUMENT", "only 100-continue is understood");
  static final Problem HEADERS_TOO_LARGE =
      new Problem(
          431,
          "Request Header Fields Too Large",
          "RESOURCE_EXHAUSTED",
          "the headers are too large");
  static final Problem METHOD =
      new Problem(501, "Not Implemented", "UNIMPLEMENTED", "no such method of HTTP is served here");
  static final Problem TRANSFER_CODING =
      new Problem(
          501, "Not Implemented", "UNIMPLEMENTED", "the only transfer coding known is chunked");
  static final Problem VERSION =
      new Problem(
          505, "HTTP Version Not Supported", "UNIMPLEMENTED", "HTTP/1.1, HTTP/1.0 or HTTP/2 only");
  static final Problem INTERNAL =
      new Problem(500, "Internal Server Error", "INTERNAL", "internal error");

  private Refusals() {}

  /**
   * Headers that cannot be read do not say whether they are of gRPC: so this one says in HTTP's
   * words and in those of gRPC that they are too large.
   */
  static Http2Headers headersTooLarge() {
    return new DefaultHttp2Headers(false)
        .status(Integer.toString(HEADERS_TOO_LARGE.status()))
        .set("content-type", "application/grpc")
        .set("grpc-status", Integer.toString(Status.Code.RESOURCE_EXHAUSTED.value()))
        .set("grpc-message", HEADERS_TOO_LARGE.detail());
  }
}
