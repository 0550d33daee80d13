package io.anywire.http.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;

/** What the attacked server serves: an answer, a large one, an endless one, and none. */
final class Victim implements ExchangeHandler {
  static final int LARGE = 200 << 10;

  private static final byte[] PIECE = new byte[8 << 10];

  @Override
  public void handle(Exchange exchange) {
    exchange.receive(new Body(exchange));
  }

  private static final class Body implements RequestBody {
    private final Exchange exchange;

    Body(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void data(ByteBuf piece) {
      int bytes = piece.readableBytes();
      piece.release();
      if (!exchange.path().equals("/hold")) {
        exchange.consumed(bytes);
      }
    }

    @Override
    public void end() {
      switch (exchange.path()) {
        case "/wait" -> {}
        case "/large" -> answer(Unpooled.wrappedBuffer(new byte[LARGE]));
        case "/endless" -> {
          exchange.respond(200, new DefaultHttp2Headers());
          writable();
        }
        default ->
            answer(Unpooled.copiedBuffer(exchange.path() + " of " + exchange.authority(), UTF_8));
      }
    }

    private void answer(ByteBuf body) {
      exchange.complete(200, new DefaultHttp2Headers(), body, EmptyHttp2Headers.INSTANCE);
    }

    @Override
    public void writable() {
      if (exchange.path().equals("/endless")) {
        while (exchange.isWritable()) {
          exchange.send(Unpooled.wrappedBuffer(PIECE));
        }
      }
    }

    @Override
    public void cancelled() {}
  }
}
