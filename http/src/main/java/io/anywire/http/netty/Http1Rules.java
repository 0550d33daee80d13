package io.anywire.http.netty;

import io.anywire.http.exchange.Problem;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Netty's decoder lets through of a request of HTTP/1 and this server refuses: what RFC 9112
 * forbids, what could be read in two ways by two servers in a row, and what is too much.
 */
final class Http1Rules {
  private final FloodLimits limits;

  Http1Rules(FloodLimits limits) {
    this.limits = limits;
  }

  /** Why the request is refused, if it is. */
  Optional<Problem> refusal(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (request.protocolVersion().majorVersion() != 1) {
      return Optional.of(Refusals.VERSION);
    }
    if (!TargetRules.isMethod(request.method().name())) {
      return Optional.of(Refusals.METHOD);
    }
    if (isTooLarge(headers)) {
      return Optional.of(Refusals.HEADERS_TOO_LARGE);
    }
    return framing(headers).or(() -> expectation(request));
  }

  /**
   * Whether the connection may serve another request after this one. Of HTTP/1.0 Netty takes the
   * first of two lengths, so after such a body nothing that follows is trusted.
   */
  boolean isKeptAfter(HttpRequest request) {
    return HttpUtil.isKeepAlive(request)
        && (request.protocolVersion().equals(HttpVersion.HTTP_1_1)
            || !request.headers().contains(HttpHeaderNames.CONTENT_LENGTH));
  }

  private boolean isTooLarge(HttpHeaders headers) {
    if (headers.size() > limits.headerLines()) {
      return true;
    }
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      if (header.getKey().length() + header.getValue().length() + 2 > limits.headerLine()) {
        return true;
      }
    }
    return false;
  }

  /**
   * {@code chunked}, once and alone, is the one transfer coding understood (RFC 9112, section 6.1).
   * Anything else would leave the length of the body to guessing. A value that was folded over
   * lines shows by its leading space.
   */
  private static Optional<Problem> framing(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return Optional.empty();
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked")) {
      return Optional.empty();
    }
    String last = codings.get(codings.size() - 1).strip();
    boolean understandable =
        codings.size() == 1 && last.matches("(?i)(gzip|x-gzip|compress|deflate), ?chunked");
    return Optional.of(understandable ? Refusals.TRANSFER_CODING : Refusals.MALFORMED);
  }

  /** HTTP/1.0 has no expectations: what it says of one is ignored (RFC 9110, section 10.1.1). */
  private static Optional<Problem> expectation(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!headers.contains(HttpHeaderNames.EXPECT)) {
      return Optional.empty();
    }
    if (request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      headers.remove(HttpHeaderNames.EXPECT);
      return Optional.empty();
    }
    boolean one = headers.getAll(HttpHeaderNames.EXPECT).size() == 1;
    return one && HttpUtil.is100ContinueExpected(request)
        ? Optional.empty()
        : Optional.of(Refusals.EXPECTATION);
  }
}
