package io.anywire.http.grpc;

import io.grpc.CallOptions;
import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The header blocks of the requests of a channel. What the calls of a method have in common is made
 * once. Thread-safe.
 */
final class RequestHeaders {
  /** Beyond so many methods their headers are made anew each time. */
  private static final int KEPT = 1000;

  private static final AsciiString POST = AsciiString.cached("POST");
  private static final AsciiString TE = AsciiString.cached("te");
  private static final AsciiString TRAILERS = AsciiString.cached("trailers");
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");
  private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
  private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
  private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
  private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
  private static final Metadata.Key<String> OWN_USER_AGENT =
      Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER);

  private final AsciiString scheme;
  private final AsciiString authority;
  private final AsciiString userAgent;
  private final Map<String, Http2Headers> known = new ConcurrentHashMap<>();

  RequestHeaders(String scheme, String authority, String userAgent) {
    this.scheme = AsciiString.cached(scheme);
    this.authority = AsciiString.cached(authority);
    this.userAgent = AsciiString.cached(userAgent);
  }

  /**
   * The headers of one call, without a timeout.
   *
   * @param encoding what the request is compressed by, or null when it is not
   */
  Http2Headers of(
      MethodDescriptor<?, ?> method,
      CallOptions options,
      Metadata metadata,
      @Nullable String encoding) {
    Http2Headers common = common(method.getFullMethodName());
    String override = options.getAuthority();
    metadata.discardAll(OWN_USER_AGENT);
    if (override == null && encoding == null && InternalMetadata.headerCount(metadata) == 0) {
      return common;
    }
    Http2Headers own = copy(common);
    if (override != null) {
      own.authority(AsciiString.of(override));
    }
    if (encoding != null) {
      own.add(ENCODING, AsciiString.of(encoding));
    }
    MetadataHeaders.write(metadata, own);
    return own;
  }

  /** The headers with a timeout, in nanoseconds. */
  static Http2Headers withTimeout(Http2Headers headers, long nanos) {
    Http2Headers own = headers instanceof ReadOnlyHttp2Headers ? copy(headers) : headers;
    return own.set(TIMEOUT, Timeout.format(nanos));
  }

  private static Http2Headers copy(Http2Headers headers) {
    return new DefaultHttp2Headers(false, 16).setAll(headers);
  }

  private Http2Headers common(String method) {
    Http2Headers kept = known.get(method);
    if (kept == null) {
      kept = make(method);
      if (known.size() < KEPT) {
        known.put(method, kept);
      }
    }
    return kept;
  }

  private Http2Headers make(String method) {
    return ReadOnlyHttp2Headers.clientHeaders(
        false,
        POST,
        AsciiString.cached("/" + method),
        scheme,
        authority,
        CONTENT_TYPE,
        GRPC,
        TE,
        TRAILERS,
        USER_AGENT,
        userAgent,
        ACCEPT_ENCODING,
        Encodings.ACCEPTED);
  }
}
