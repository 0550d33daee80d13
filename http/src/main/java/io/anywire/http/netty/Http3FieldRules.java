package io.anywire.http.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;

/** The rules for the fields of a request that Netty's codec of HTTP/3 does not enforce. */
final class Http3FieldRules {
  /** Fields of one connection only (RFC 9114, section 4.2); the codec looks for the first. */
  private static final List<AsciiString> OF_THE_CONNECTION =
      List.of(
          HttpHeaderNames.CONNECTION,
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE);

  /** What a field counts beside its name and its value (RFC 9114, section 4.2.2). */
  private static final int PER_FIELD = 32;

  private Http3FieldRules() {}

  /** Whether the head of a request has only fields that requests may have. */
  static boolean areWellFormed(Http3Headers headers) {
    return !headers.contains(Http3Headers.PseudoHeaderName.STATUS.value())
        && OF_THE_CONNECTION.stream().noneMatch(headers::contains)
        && haveNames(headers);
  }

  /** Whether all names are names (RFC 9110, section 5.1). */
  static boolean haveNames(Http3Headers headers) {
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      CharSequence name = header.getKey();
      for (int i = name.charAt(0) == ':' ? 1 : 0; i < name.length(); i++) {
        if (!isToken(name.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isToken(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /** How large the fields are, as limits count. */
  static long size(Http3Headers headers) {
    long size = 0;
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      size += header.getKey().length() + header.getValue().length() + PER_FIELD;
    }
    return size;
  }
}
