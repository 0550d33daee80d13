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
import java.util.Iterator;
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
  private static final Set<AsciiString> OF_THE_CONNECTION =
      Set.of(
          AsciiString.cached("connection"),
          AsciiString.cached("proxy-connection"),
          AsciiString.cached("keep-alive"),
          AsciiString.cached("transfer-encoding"),
          AsciiString.cached("upgrade"),
          AsciiString.cached("http2-settings"),
          AsciiString.cached("host"));

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
    if (authority != null && !headers.contains(HttpHeaderNames.HOST)) {
      return authority.toString();
    }
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
    if (value instanceof AsciiString ascii) {
      return endsALine(ascii);
    }
    for (int i = 0; i < value.length(); i++) {
      if (endsALine(value.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsALine(AsciiString value) {
    byte[] bytes = value.array();
    int end = value.arrayOffset() + value.length();
    for (int i = value.arrayOffset(); i < end; i++) {
      if (endsALine((char) bytes[i])) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsALine(char c) {
    return c == 0 || c == '\r' || c == '\n';
  }

  /** Reads a request of HTTP/1; empty when it is malformed. */
  static Optional<RequestHead> of(HttpRequest request) {
    boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    Iterator<String> hosts = request.headers().valueStringIterator(HttpHeaderNames.HOST);
    String host = hosts.hasNext() ? hosts.next() : "";
    if (hosts.hasNext() || !old && !request.headers().contains(HttpHeaderNames.HOST)) {
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
    Set<AsciiString> dropped = OF_THE_CONNECTION;
    if (headers.contains(HttpHeaderNames.CONNECTION)) {
      dropped = new HashSet<>(dropped);
      for (String named : headers.getAll(HttpHeaderNames.CONNECTION)) {
        for (String one : named.split(",")) {
          dropped.add(AsciiString.of(one.strip().toLowerCase(Locale.ROOT)));
        }
      }
    }
    Http2Headers result = new DefaultHttp2Headers(false, headers.size());
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      AsciiString name = AsciiString.of(header.getKey()).toLowerCase();
      if (!dropped.contains(name)) {
        result.add(name, header.getValue());
      }
    }
    return result;
  }
}
