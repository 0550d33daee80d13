package io.anywire.http.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Says what it got; some paths behave otherwise. */
final class EchoHandler implements ExchangeHandler {
  final AtomicInteger cancelled = new AtomicInteger();
  final AtomicLong received = new AtomicLong();
  final CompletableFuture<Void> release = new CompletableFuture<>();

  @Override
  public void handle(Exchange exchange) {
    switch (exchange.path()) {
      case "/refuse" -> answer(exchange, 413, "too large");
      case "/throw" -> throw new IllegalStateException("on purpose");
      default -> exchange.receive(new Body(exchange));
    }
  }

  private static void answer(Exchange exchange, int status, String text) {
    exchange.complete(
        status,
        new DefaultHttp2Headers().add("content-type", "text/plain"),
        Unpooled.copiedBuffer(text, UTF_8),
        EmptyHttp2Headers.INSTANCE);
  }

  private final class Body implements RequestBody {
    private final Exchange exchange;
    private int bytes;

    Body(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void data(ByteBuf piece) {
      int count = piece.readableBytes();
      piece.release();
      bytes += count;
      received.addAndGet(count);
      if (exchange.path().equals("/hold")) {
        release.thenRun(() -> exchange.consumed(count));
      } else {
        exchange.consumed(count);
      }
    }

    @Override
    public void end() {
      Thread.startVirtualThread(this::answer);
    }

    @Override
    public void cancelled() {
      cancelled.incrementAndGet();
    }

    private void answer() {
      String text =
          exchange.method() + " " + exchange.path() + "?" + exchange.query() + " " + bytes;
      switch (exchange.path()) {
        case "/stream" -> stream(text);
        case "/wait" -> release.thenRun(() -> EchoHandler.answer(exchange, 200, text));
        default -> EchoHandler.answer(exchange, 200, text);
      }
    }

    private void stream(String text) {
      Http2Headers trailers = new DefaultHttp2Headers().add("x-trailer", "end");
      exchange.respond(200, new DefaultHttp2Headers().add("content-type", "text/plain"));
      for (int i = 0; i < 3; i++) {
        exchange.send(Unpooled.copiedBuffer(text + "\n", UTF_8));
      }
      exchange.end(trailers);
    }
  }
}
