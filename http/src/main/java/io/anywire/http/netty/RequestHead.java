package io.anywire.http.netty;

import io.anywire.http.exchange.Exchange.Version;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a request says before its body. */
record RequestHead(
    Version version,
    String method,
    String path,
    String query,
    String authority,
    Http2Headers headers) {

  /** Headers that concern one connection only (RFC 9110, section 7.6.1). */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "proxy-connection",
          "keep-alive",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "host");

  /** Reads a request of HTTP/2; empty when it is malformed. Takes over the headers. */
  static Optional<RequestHead> of(Http2Headers headers) {
    CharSequence method = headers.method();
    CharSequence target = headers.path();
    CharSequence authority = headers.authority();
    if (method == null || target == null || authority == null && !headers.contains("host")) {
      return Optional.empty();
    }
    String named = String.valueOf(authority == null ? headers.get("host") : authority);
    headers.remove(Http2Headers.PseudoHeaderName.METHOD.value());
    headers.remove(Http2Headers.PseudoHeaderName.PATH.value());
    headers.remove(Http2Headers.PseudoHeaderName.AUTHORITY.value());
    headers.remove(Http2Headers.PseudoHeaderName.SCHEME.value());
    return of(Version.HTTP_2, method.toString(), target.toString(), named, headers);
  }

  /** Reads a request of HTTP/1; empty when it is malformed. */
  static Optional<RequestHead> of(HttpRequest request) {
    boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    String host = request.headers().get("host", "");
    if (host.isEmpty() && !old || request.headers().getAll("host").size() > 1) {
      return Optional.empty();
    }
    return of(
        old ? Version.HTTP_1_0 : Version.HTTP_1_1,
        request.method().name(),
        request.uri(),
        host,
        converted(request.headers()));
  }

  /** The same request once its connection has been upgraded to HTTP/2. */
  RequestHead upgraded() {
    return new RequestHead(Version.HTTP_2, method, path, query, authority, headers);
  }

  private static Optional<RequestHead> of(
      Version version, String method, String target, String authority, Http2Headers headers) {
    int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
    if (scheme > 0) {
      int path = target.indexOf('/', scheme + 3);
      String named = path < 0 ? target.substring(scheme + 3) : target.substring(scheme + 3, path);
      return of(version, method, path < 0 ? "/" : target.substring(path), named, headers);
    }
    if (!target.startsWith("/") && !target.equals("*")) {
      return Optional.empty();
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    return Optional.of(new RequestHead(version, method, path, query, authority, headers));
  }

  private static Http2Headers converted(HttpHeaders headers) {
    Set<String> dropped = OF_THE_CONNECTION;
    for (String named : headers.getAll("connection")) {
      dropped = new HashSet<>(dropped);
      for (String one : named.split(",")) {
        dropped.add(one.strip().toLowerCase(Locale.ROOT));
      }
    }
    Http2Headers result = new DefaultHttp2Headers(false, headers.size());
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!dropped.contains(name)) {
        result.add(AsciiString.of(name), header.getValue());
      }
    }
    return result;
  }
}
