package io.anywire.http.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/** The header blocks of a response. */
final class ResponseHeaders {
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");
  private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
  private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
  private static final AsciiString[] CODES = codes();

  private ResponseHeaders() {}

  /** Initial metadata, and which compression the messages have. */
  static Http2Headers head(Metadata metadata, String encoding) {
    Http2Headers head = head();
    head.add(ACCEPT_ENCODING, Encodings.ACCEPTED);
    if (!encoding.equals(Encodings.IDENTITY)) {
      head.add(ENCODING, AsciiString.of(encoding));
    }
    MetadataHeaders.write(metadata, head);
    return head;
  }

  /** The end of a call that had a head. */
  static Http2Headers trailers(Status status, Metadata metadata) {
    Http2Headers trailers = new DefaultHttp2Headers(false, 4);
    addStatus(trailers, status, metadata);
    return trailers;
  }

  /** Head and end in one, of a call that sends no message. */
  static Http2Headers only(Status status, Metadata metadata) {
    Http2Headers head = head();
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      head.add(ACCEPT_ENCODING, Encodings.ACCEPTED);
    }
    addStatus(head, status, metadata);
    return head;
  }

  private static Http2Headers head() {
    return new DefaultHttp2Headers(false, 4).add(CONTENT_TYPE, GRPC);
  }

  private static void addStatus(Http2Headers headers, Status status, Metadata metadata) {
    headers.add(STATUS, CODES[status.getCode().value()]);
    String description = status.getDescription();
    if (description != null) {
      headers.add(MESSAGE, StatusMessage.encode(description));
    }
    MetadataHeaders.write(metadata, headers);
  }

  private static AsciiString[] codes() {
    AsciiString[] codes = new AsciiString[Status.Code.values().length];
    for (Status.Code code : Status.Code.values()) {
      codes[code.value()] = AsciiString.cached(Integer.toString(code.value()));
    }
    return codes;
  }
}
