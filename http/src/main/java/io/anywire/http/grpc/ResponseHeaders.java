package io.anywire.http.grpc;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;

/** The header blocks of a response. */
final class ResponseHeaders {
  /** The limit of a client that has set none. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");
  private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
  private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
  private static final AsciiString STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
  private static final AsciiString[] CODES = codes();
  private static final int SURELY_SMALL = 256;

  /** What HTTP/2 counts for each header beside its text, and for {@code :status}. */
  private static final int OF_EACH = 32;

  private static final int OF_THE_STATUS_LINE = ":status".length() + "200".length() + OF_EACH;

  private ResponseHeaders() {}

  /**
   * Initial metadata, and which compression the messages have.
   *
   * @param limit what the client takes
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} when they are larger
   */
  static Http2Headers head(Metadata metadata, String encoding, long limit) {
    Http2Headers head = head();
    head.add(ACCEPT_ENCODING, Encodings.ACCEPTED);
    if (!encoding.equals(Encodings.IDENTITY)) {
      head.add(ENCODING, AsciiString.of(encoding));
    }
    MetadataHeaders.write(metadata, head);
    long size = InternalMetadata.headerCount(metadata) == 0 ? 0 : size(head);
    if (size > limit) {
      throw tooLarge("response headers", size, limit).asRuntimeException();
    }
    return head;
  }

  /**
   * The end of a call that had a head. When it is larger than the {@code limit} that the client
   * takes, an error goes without its metadata and details, and a success becomes an error.
   */
  static Http2Headers trailers(Status status, Metadata metadata, long limit) {
    Http2Headers trailers = new DefaultHttp2Headers(false, 4);
    addStatus(trailers, status, metadata);
    return isWithin(limit, trailers, metadata, status)
        ? trailers
        : trailers(cut(status, size(trailers), limit), new Metadata(), UNLIMITED);
  }

  /** Head and end in one, of a call that sends no message. */
  static Http2Headers only(Status status, Metadata metadata, long limit) {
    Http2Headers head = head();
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      head.add(ACCEPT_ENCODING, Encodings.ACCEPTED);
    }
    addStatus(head, status, metadata);
    return isWithin(limit, head, metadata, status)
        ? head
        : only(cut(status, size(head), limit), new Metadata(), UNLIMITED);
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

  /** Looks closely only at what can be large. */
  private static boolean isWithin(
      long limit, Http2Headers headers, Metadata metadata, Status status) {
    String description = status.getDescription();
    boolean small =
        InternalMetadata.headerCount(metadata) == 0
            && (description == null || description.length() < SURELY_SMALL);
    return small || size(headers) <= limit;
  }

  private static Status cut(Status status, long size, long limit) {
    if (status.isOk()) {
      return tooLarge("response trailers", size, limit);
    }
    // A character may become three bytes of UTF-8, and nine when they are percent-encoded.
    String description = String.valueOf(status.getDescription());
    int kept = (int) Math.min(description.length(), limit / 10);
    return status.withDescription(description.substring(0, kept));
  }

  private static Status tooLarge(String what, long size, long limit) {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        what + " of " + size + " bytes (expected: <= " + limit + ", as the client says)");
  }

  private static long size(Http2Headers headers) {
    long size = OF_THE_STATUS_LINE;
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      size += header.getKey().length() + header.getValue().length() + OF_EACH;
    }
    return size;
  }

  private static AsciiString[] codes() {
    AsciiString[] codes = new AsciiString[Status.Code.values().length];
    for (Status.Code code : Status.Code.values()) {
      codes[code.value()] = AsciiString.cached(Integer.toString(code.value()));
    }
    return codes;
  }
}
