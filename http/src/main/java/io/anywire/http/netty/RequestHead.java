package io.anywire.http.netty;

import io.anywire.http.exchange.Exchange.Version;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");

  private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://([^/]*)(/.*|)");

  /** Reads a request of HTTP/2; empty when it is malformed. Takes over the headers. */
  static Optional<RequestHead> of(Http2Headers headers) {
    return of(Version.HTTP_2, headers);
  }

  /** The same for a version of HTTP that has pseudo-headers. */
  static Optional<RequestHead> of(Version version, Http2Headers headers) {
    CharSequence method = headers.method();
    // A CONNECT has no path (RFC 9113, section 8.5).
    CharSequence target = CONNECT.contentEquals(method) ? "/" : headers.path();
    String authority = authority(headers);
    if (method == null || target == null || authority.isEmpty() || !areClean(headers)) {
      return Optional.empty();
    }
    headers.remove(PseudoHeaderName.METHOD.value());
    headers.remove(PseudoHeaderName.PATH.value());
    headers.remove(PseudoHeaderName.AUTHORITY.value());
    headers.remove(PseudoHeaderName.SCHEME.value());
    return of(version, method.toString(), target.toString(), authority, headers);
  }

  /** The authority; empty when none is named, or two that differ (RFC 9113, section 8.3.1). */
  private static String authority(Http2Headers headers) {
    CharSequence authority = headers.authority();
    List<CharSequence> hosts = headers.getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1
        || authority != null
            && !hosts.isEmpty()
            && !AsciiString.contentEqualsIgnoreCase(authority, hosts.get(0))) {
      return "";
    }
    return authority != null
        ? authority.toString()
        : hosts.isEmpty() ? "" : hosts.get(0).toString();
  }

  /** Whether no value has what ends a line elsewhere (RFC 9113, section 8.2.1), nor a protocol. */
  private static boolean areClean(Http2Headers headers) {
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      if (endsALine(header.getValue())) {
        return false;
      }
    }
    return !headers.contains(PseudoHeaderName.PROTOCOL.value());
  }

  private static boolean endsALine(CharSequence value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == 0 || c == '\r' || c == '\n') {
        return true;
      }
    }
    return false;
  }

  /** Reads a request of HTTP/1; empty when it is malformed. */
  static Optional<RequestHead> of(HttpRequest request) {
    boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || hosts.isEmpty() && !old) {
      return Optional.empty();
    }
    return of(
        old ? Version.HTTP_1_0 : Version.HTTP_1_1,
        request.method().name(),
        request.uri(),
        hosts.isEmpty() ? "" : hosts.get(0),
        converted(request.headers()));
  }

  /** The same request once its connection has been upgraded to HTTP/2. */
  RequestHead upgraded() {
    return new RequestHead(Version.HTTP_2, method, path, query, authority, headers);
  }

  private static Optional<RequestHead> of(
      Version version, String method, String target, String authority, Http2Headers headers) {
    boolean named = !authority.isEmpty() || version != Version.HTTP_1_0;
    if (named && !TargetRules.isAuthority(authority) || !TargetRules.isPath(target)) {
      return Optional.empty();
    }
    if (!target.startsWith("/") && !(target.equals("*") && method.equals("OPTIONS"))) {
      return ofAbsolute(version, method, target, headers);
    }
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String query = question < 0 ? "" : target.substring(question + 1);
    return Optional.of(new RequestHead(version, method, path, query, authority, headers));
  }

  /** The target says more than the Host does (RFC 9112, section 3.2.2). */
  private static Optional<RequestHead> ofAbsolute(
      Version version, String method, String target, Http2Headers headers) {
    Matcher absolute = ABSOLUTE.matcher(target);
    if (!absolute.matches() || absolute.group(1).isEmpty()) {
      return Optional.empty();
    }
    String path = absolute.group(2).isEmpty() ? "/" : absolute.group(2);
    return of(version, method, path, absolute.group(1), headers);
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
