package io.anywire.http.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Lets pages of other origins call whatever is behind it (Cross-Origin Resource Sharing, the Fetch
 * standard, section 3.2): answers preflights, and adds to each response who may read it and which
 * of its headers. Requests of other origins are handled all the same, as the standard has it; their
 * pages cannot read the answers. Credentials of the browser (cookies, client certificates) are
 * never allowed; an {@code authorization} header that the page itself sets is. Immutable and
 * thread-safe.
 */
public final class Cors implements ExchangeHandler {
  private static final String ORIGIN = "origin";
  private static final String ANY = "*";
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";

  /** What browsers keep at most. */
  private static final String MAX_AGE_SECONDS = "7200";

  /** What pages may read without being told (the Fetch standard, section 2.2.2). */
  private static final Set<String> ALWAYS_READABLE =
      Set.of(
          "cache-control",
          "content-language",
          "content-length",
          "content-type",
          "expires",
          "last-modified",
          "pragma");

  private final Set<String> origins;
  private final ExchangeHandler handler;

  private Cors(Set<String> origins, ExchangeHandler handler) {
    this.origins = origins;
    this.handler = handler;
  }

  /**
   * Puts a handler behind the rules.
   *
   * @param origins {@code *}, or origins such as {@code https://shop.example}
   * @throws IllegalArgumentException when one is no origin
   */
  public static Cors of(Collection<String> origins, ExchangeHandler handler) {
    return new Cors(
        origins.stream().map(Cors::checked).collect(Collectors.toUnmodifiableSet()), handler);
  }

  private static String checked(String origin) {
    if (!origin.equals(ANY) && !origin.matches("[a-z][a-z0-9+.-]*://[^/?#@\\s]+")) {
      throw new IllegalArgumentException(
          "cors: \"" + origin + "\" (expected: * or origins such as https://shop.example)");
    }
    return origin;
  }

  @Override
  public void handle(Exchange exchange) {
    String origin = exchange.headers().get(ORIGIN, "").toString();
    boolean asks = exchange.headers().contains("access-control-request-method");
    if (exchange.method().equals("OPTIONS") && asks && !origin.isEmpty()) {
      preflight(exchange, origin);
    } else {
      handler.handle(new Shared(exchange, origin));
    }
  }

  private void preflight(Exchange exchange, String origin) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    headers.add("vary", "origin, access-control-request-method, access-control-request-headers");
    if (!isAllowed(origin)) {
      new Problem(403, "Forbidden", "PERMISSION_DENIED", "pages of this origin may not call (cors)")
          .send(exchange, headers);
      return;
    }
    headers.add("access-control-allow-origin", allowed(origin));
    headers.add("access-control-allow-methods", METHODS);
    headers.add("access-control-max-age", MAX_AGE_SECONDS);
    CharSequence wanted = exchange.headers().get("access-control-request-headers");
    if (wanted != null) {
      headers.add("access-control-allow-headers", wanted);
    }
    exchange.complete(204, headers, Unpooled.EMPTY_BUFFER, EmptyHttp2Headers.INSTANCE);
  }

  private boolean isAllowed(String origin) {
    return origins.contains(ANY) || origins.contains(origin);
  }

  private String allowed(String origin) {
    return origins.contains(ANY) ? ANY : origin;
  }

  /** An exchange whose response says who may read it. */
  private final class Shared extends ForwardingExchange {
    private final String origin;

    Shared(Exchange to, String origin) {
      super(to);
      this.origin = origin;
    }

    @Override
    public void respond(int status, Http2Headers headers) {
      super.respond(status, said(headers));
    }

    @Override
    public void complete(int status, Http2Headers headers, ByteBuf body, Http2Headers trailers) {
      super.complete(status, said(headers), body, trailers);
    }

    private Http2Headers said(Http2Headers headers) {
      if (!origins.contains(ANY)) {
        headers.add("vary", ORIGIN);
      }
      if (origin.isEmpty() || !isAllowed(origin)) {
        return headers;
      }
      Set<String> readable = new TreeSet<>();
      for (CharSequence name : headers.names()) {
        if (!ALWAYS_READABLE.contains(name.toString())) {
          readable.add(name.toString());
        }
      }
      headers.add("access-control-allow-origin", allowed(origin));
      if (!readable.isEmpty()) {
        headers.add("access-control-expose-headers", String.join(", ", readable));
      }
      return headers;
    }
  }
}
