package io.anywire.http.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * An answer that may not be gRPC's: what its headers say, and, when it is not, what a caller is
 * told of it, in grpc-java's words. For the event loop only.
 */
final class ForeignAnswer {
  private static final int SHOWN_BYTES = 1000;
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");

  private final int httpStatus;
  private final CharSequence contentType;
  private final StringBuilder body = new StringBuilder();

  ForeignAnswer(Http2Headers headers) {
    httpStatus = httpStatus(headers);
    contentType = headers.get(CONTENT_TYPE, "");
  }

  /** Takes note of the beginning of the body. */
  void add(ByteBuf piece) {
    int shown = Math.min(piece.readableBytes(), SHOWN_BYTES - body.length());
    if (shown > 0) {
      body.append(piece.toString(piece.readerIndex(), shown, UTF_8));
    }
  }

  /** What the caller is told. */
  Status status() {
    Status status =
        ofHttp(httpStatus)
            .augmentDescription(
                contentType.isEmpty()
                    ? "missing content-type"
                    : "invalid content-type: " + contentType);
    return body.isEmpty() ? status : status.augmentDescription("body: " + body);
  }

  /** Whether an answer is gRPC by its content type. */
  static boolean isGrpc(Http2Headers headers) {
    CharSequence type = headers.get(CONTENT_TYPE);
    if (type == null || type.length() <= GRPC.length()) {
      return type != null && GRPC.contentEquals(type);
    }
    char next = type.charAt(GRPC.length());
    return AsciiString.of(type).startsWith(GRPC) && (next == '+' || next == ';');
  }

  /** The HTTP status; 0 where there is none. */
  static int httpStatus(Http2Headers headers) {
    CharSequence status = headers.status();
    return status == null ? 0 : AsciiString.of(status).parseInt();
  }

  /** The status that trailers carry, else the one that the HTTP status stands for. */
  static Status grpcStatus(Http2Headers trailers, int httpStatus) {
    CharSequence code = trailers.get(STATUS);
    if (code == null) {
      return httpStatus == 0 || httpStatus == 200
          ? Status.UNKNOWN.withDescription("missing GRPC status in response")
          : ofHttp(httpStatus)
              .augmentDescription("missing GRPC status, inferred error from HTTP status code");
    }
    Status status = ofCode(code);
    CharSequence message = trailers.get(MESSAGE);
    return message == null ? status : status.withDescription(StatusMessage.decode(message));
  }

  private static Status ofCode(CharSequence code) {
    try {
      return Status.fromCodeValue(AsciiString.of(code).parseInt());
    } catch (NumberFormatException e) {
      return Status.UNKNOWN.withDescription("grpc-status: " + code + " (expected: 0 to 16)");
    }
  }

  private static Status ofHttp(int status) {
    return HttpStatusMapping.codeOf(status)
        .toStatus()
        .withDescription("HTTP status code " + status);
  }
}
