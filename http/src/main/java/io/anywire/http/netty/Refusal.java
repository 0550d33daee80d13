package io.anywire.http.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.http.exchange.Exchange;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** What the engine answers by itself, as {@code application/problem+json} (RFC 9457). */
enum Refusal {
  MALFORMED(400, "INVALID_ARGUMENT", "Bad Request", "the request is not well-formed HTTP"),
  TARGET_TOO_LONG(414, "INVALID_ARGUMENT", "URI Too Long", "the request line is too long"),
  EXPECTATION(417, "INVALID_ARGUMENT", "Expectation Failed", "only 100-continue is understood"),
  HEADERS_TOO_LARGE(
      431, "RESOURCE_EXHAUSTED", "Request Header Fields Too Large", "the headers are too large"),
  INTERNAL(500, "INTERNAL", "Internal Server Error", "internal error");

  private final int status;
  private final byte[] body;

  Refusal(int status, String code, String title, String detail) {
    this.status = status;
    this.body =
        ("{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"code\":\"%s\"}")
            .formatted(title, status, detail, code)
            .getBytes(UTF_8);
  }

  int status() {
    return status;
  }

  byte[] body() {
    return body.clone();
  }

  Http2Headers headers() {
    return new DefaultHttp2Headers(false).add("content-type", "application/problem+json");
  }

  /** Answers so. */
  void send(Exchange exchange) {
    exchange.complete(status, headers(), Unpooled.wrappedBuffer(body), EmptyHttp2Headers.INSTANCE);
  }
}
