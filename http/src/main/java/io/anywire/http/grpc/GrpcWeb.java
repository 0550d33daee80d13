package io.anywire.http.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.anywire.http.exchange.Exchange;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * gRPC-Web, as its protocol document lays down (PROTOCOL-WEB.md of grpc/grpc): over any version of
 * HTTP, with the status in a last frame of the body, since browsers show no trailers. Bodies may be
 * base64 text, the request's by its content type and the response's also by {@code accept}.
 * Immutable.
 *
 * @param contentType what the response says of itself
 */
record GrpcWeb(String contentType, boolean readsText, boolean writesText) implements Dialect {
  private static final String BINARY = "application/grpc-web";
  private static final String TEXT = "application/grpc-web-text";

  /** What marks the last frame. */
  private static final int TRAILERS = 0x80;

  /** Whether a media type is gRPC-Web's, known here or not. */
  static boolean isWeb(String mediaType) {
    return mediaType.startsWith(BINARY);
  }

  /**
   * What a request asks for; empty where its media type is none of gRPC-Web's with protobuf.
   *
   * @param mediaType the content type, without parameters
   * @param accept the header, empty where there is none
   */
  static Optional<GrpcWeb> of(String mediaType, String accept) {
    boolean text = is(mediaType, TEXT);
    if (!text && !is(mediaType, BINARY)) {
      return Optional.empty();
    }
    boolean answersInText = text || accept.toLowerCase(Locale.ROOT).contains(TEXT);
    String answer = answersInText == text ? mediaType : TEXT + "+proto";
    return Optional.of(new GrpcWeb(answer, text, answersInText));
  }

  private static boolean is(String mediaType, String wanted) {
    return mediaType.equals(wanted) || mediaType.equals(wanted + "+proto");
  }

  /** The exchange that a call is to use: what goes through it is turned from and into text. */
  Exchange around(Exchange exchange) {
    return readsText || writesText
        ? new TextExchange(exchange, readsText, writesText, this)
        : exchange;
  }

  @Override
  public String acceptHeader() {
    return "grpc-accept-encoding";
  }

  @Override
  public Http2Headers head(Metadata metadata, String encoding) {
    return ResponseHeaders.head(metadata, encoding, ResponseHeaders.UNLIMITED)
        .set("content-type", contentType);
  }

  @Override
  public Ending ending(Status status, Metadata trailers) {
    StringBuilder lines = new StringBuilder(64);
    for (Map.Entry<CharSequence, CharSequence> trailer :
        ResponseHeaders.trailers(status, trailers, ResponseHeaders.UNLIMITED)) {
      lines.append(trailer.getKey()).append(": ").append(trailer.getValue()).append("\r\n");
    }
    ByteBuf frame = Framer.flagged(TRAILERS, lines.toString().getBytes(ISO_8859_1));
    return new Ending(frame, EmptyHttp2Headers.INSTANCE);
  }

  @Override
  public void refuse(Exchange exchange, Status status, Metadata trailers) {
    exchange.complete(
        200,
        ResponseHeaders.only(status, trailers, ResponseHeaders.UNLIMITED)
            .set("content-type", contentType),
        Unpooled.EMPTY_BUFFER,
        EmptyHttp2Headers.INSTANCE);
  }
}
