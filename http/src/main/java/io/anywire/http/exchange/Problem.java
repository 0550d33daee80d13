package io.anywire.http.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * A refusal that needs no contract, as {@code application/problem+json} (RFC 9457). Immutable.
 *
 * @param code the name of the gRPC status that it amounts to
 * @param detail fixed text: it goes into JSON as it is
 */
public record Problem(int status, String title, String code, String detail) {
  /** The media type of {@link #body}. */
  public static final String CONTENT_TYPE = "application/problem+json";

  /** The JSON text. */
  public byte[] body() {
    return "{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"code\":\"%s\"}"
        .formatted(title, status, detail, code)
        .getBytes(UTF_8);
  }

  /** Answers with it. */
  public void send(Exchange exchange) {
    send(exchange, new DefaultHttp2Headers(false));
  }

  /** Answers with it and with more headers, which are taken over. */
  public void send(Exchange exchange, Http2Headers headers) {
    headers.set("content-type", CONTENT_TYPE);
    exchange.complete(status, headers, Unpooled.wrappedBuffer(body()), EmptyHttp2Headers.INSTANCE);
  }
}
