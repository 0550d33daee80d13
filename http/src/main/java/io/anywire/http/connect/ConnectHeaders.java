package io.anywire.http.connect;

import io.anywire.http.grpc.MetadataHeaders;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What the protocol says in headers, and the metadata among them. */
public final class ConnectHeaders {
  /** The version of the protocol. */
  public static final String VERSION = "connect-protocol-version";

  /** The timeout in milliseconds, at most ten digits. */
  public static final String TIMEOUT = "connect-timeout-ms";

  /** Goes before the name of a trailer that is sent as a header. */
  static final String TRAILER = "trailer-";

  private static final int MAX_DIGITS = 10;
  private static final long LONGEST = 9_999_999_999L;

  /** Of the connection, the body or a protocol, and so no metadata. */
  private static final Set<String> NOT_METADATA =
      Set.of(
          "accept",
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "grpc-message",
          "grpc-status",
          "grpc-status-details-bin",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private ConnectHeaders() {}

  /**
   * The metadata of a request or a response.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} when a value is not base64
   */
  static Metadata read(Http2Headers headers) {
    return MetadataHeaders.read(headers, ConnectHeaders::isReserved);
  }

  /** Gives each value of the metadata as a header. */
  static void forEach(Metadata metadata, BiConsumer<CharSequence, CharSequence> header) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    MetadataHeaders.write(metadata, headers);
    for (Map.Entry<CharSequence, CharSequence> one : headers) {
      if (!isReserved(one.getKey().toString())) {
        header.accept(one.getKey(), one.getValue());
      }
    }
  }

  /** The head of a unary response, which carries the trailers too. */
  static Http2Headers head(String contentType, Metadata headers, Metadata trailers) {
    Http2Headers head = new DefaultHttp2Headers(false);
    forEach(headers, head::add);
    forEach(trailers, (name, value) -> head.add(TRAILER + name, value));
    return head.set("content-type", contentType);
  }

  /**
   * The deadline that a request asks for, counted from now; null where it asks for none.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} when it is malformed
   */
  static @Nullable Deadline deadline(Http2Headers headers) {
    CharSequence timeout = headers.get(TIMEOUT);
    if (timeout == null) {
      return null;
    }
    String text = timeout.toString();
    if (text.isEmpty()
        || text.length() > MAX_DIGITS
        || !text.chars().allMatch(ConnectHeaders::isDigit)) {
      throw Status.INVALID_ARGUMENT
          .withDescription(TIMEOUT + ": " + shortened(text) + " (expected: 1 to 10 digits)")
          .asRuntimeException();
    }
    return Deadline.after(Long.parseLong(text), TimeUnit.MILLISECONDS);
  }

  /** The text of a timeout: whole milliseconds, rounded up, at most ten digits of them. */
  public static String timeout(long nanos) {
    long millis = Math.ceilDiv(Math.max(0, nanos), 1_000_000);
    return Long.toString(Math.min(millis, LONGEST));
  }

  /** The value of a header without space around it; empty where there is none. */
  static String text(Http2Headers headers, String name) {
    return headers.get(name, "").toString().strip();
  }

  static String shortened(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }

  private static boolean isReserved(String name) {
    return name.startsWith("connect-") || NOT_METADATA.contains(name);
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
