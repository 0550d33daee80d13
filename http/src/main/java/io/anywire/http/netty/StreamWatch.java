package io.anywire.http.netty;

import io.anywire.http.exchange.Exchange.Reset;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks after what the client of an HTTP/2 connection owes: its preface, the rest of a header, the
 * bodies that it has begun, and the taking of the responses that it has asked for. A stream that
 * does not go on is reset with ENHANCE_YOUR_CALM; without the others the connection ends.
 *
 * <p>Requests of gRPC may pause within their bodies, since streams do. On the event loop only.
 */
final class StreamWatch {
  private final Http2ServerConnection connection;
  private final ChannelHandlerContext ctx;
  private final Http2Intake intake;
  private final HttpLimits limits;
  private final ClientWatch watch;
  private final long since = System.nanoTime();
  private boolean settled;

  StreamWatch(
      Http2ServerConnection connection,
      ChannelHandlerContext ctx,
      Http2Intake intake,
      HttpLimits limits) {
    this.connection = connection;
    this.ctx = ctx;
    this.intake = intake;
    this.limits = limits;
    this.watch = new ClientWatch(ctx.channel().eventLoop(), limits, this::look);
    start();
  }

  /** Something is owed from now on. */
  void start() {
    watch.start();
  }

  /** The client's first settings have come: its preface is whole. */
  void settled() {
    settled = true;
  }

  void stop() {
    watch.stop();
  }

  private boolean look() {
    long headerNanos = ClientWatch.nanos(limits.headerTime());
    List<Http2Exchange> open = connection.exchanges();
    boolean late =
        settled
            ? open.stream().noneMatch(Http2Exchange::owesBody)
                && intake.isIncompleteFor(headerNanos)
            : System.nanoTime() - since >= headerNanos;
    if (late) {
      connection.onError(ctx, false, tooSlow());
      return false;
    }
    for (Http2Exchange exchange : new ArrayList<>(open)) {
      if (exchange.isLate(limits)) {
        // Whatever its handler has done: most of all when it is done.
        exchange.writeReset(Reset.ENHANCE_YOUR_CALM);
        connection.wroteSomething();
      }
    }
    return !open.isEmpty() || !settled || intake.isIncomplete();
  }

  private static Http2Exception tooSlow() {
    return Http2Exception.connectionError(
        Http2Error.ENHANCE_YOUR_CALM, "the client takes too long to say what it wants");
  }
}
