package io.anywire.http.netty;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;

/**
 * What the client of one exchange owes on a stream of its own: the rest of the body, and the taking
 * of the response. Requests of gRPC may pause within their bodies, since streams do. Used on the
 * event loop only.
 */
final class Dues {
  private static final AsciiString GRPC = AsciiString.cached("application/grpc");

  private final ServedExchange exchange;
  private final Progress receiving;
  private final Progress taking;

  Dues(ServedExchange exchange, HttpLimits limits, long received) {
    this.exchange = exchange;
    this.receiving = new Progress(limits.bodyTime(), received);
    this.taking = new Progress(limits.readTime(), exchange.sent());
  }

  /**
   * Whether the client has sent, or taken, too little for too long.
   *
   * @param owesBody whether it is to send the rest of the body now
   * @param received how many bytes of the body have come
   */
  boolean areLate(boolean owesBody, long received) {
    if (!owesBody) {
      receiving.restart(received);
    }
    if (exchange.unsent() == 0) {
      taking.restart(exchange.sent());
    }
    return receiving.isLate(received) || taking.isLate(exchange.sent());
  }

  /** Whether a request may pause as long as it likes. */
  static boolean mayPause(ServedExchange exchange) {
    CharSequence type = exchange.headers().get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && AsciiString.of(type).startsWith(GRPC);
  }
}
