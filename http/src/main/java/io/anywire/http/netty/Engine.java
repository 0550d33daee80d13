package io.anywire.http.netty;

import io.anywire.call.InFlight;
import io.anywire.http.exchange.ExchangeHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of a server share. Thread-safe. */
record Engine(HttpLimits limits, ExchangeHandler handler, InFlight inFlight) {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final AsciiString CONTINUE = HttpHeaderValues.CONTINUE;

  /** A user event that tells a connection to take in nothing new and to end when it is idle. */
  enum Stop {
    INSTANCE
  }

  /** Gives an exchange to the handler, or refuses it. */
  void handle(ServedExchange exchange) {
    CharSequence expected = exchange.headers().get(HttpHeaderNames.EXPECT);
    if (!TargetRules.isMethod(exchange.method())) {
      Refusals.METHOD.send(exchange);
    } else if (expected != null && !CONTINUE.contentEqualsIgnoreCase(expected)) {
      Refusals.EXPECTATION.send(exchange);
    } else {
      guarded(exchange, handler::handle);
      if (expected != null && !exchange.isAnswered()) {
        exchange.writeContinue();
      }
    }
  }

  /** Runs something of a handler, so that what it throws ends one exchange and nothing else. */
  static void guarded(ServedExchange exchange, Consumer<ServedExchange> step) {
    try {
      step.accept(exchange);
    } catch (RuntimeException | Error e) {
      log.atError()
          .addKeyValue("method", exchange.method())
          .addKeyValue("path", exchange.path())
          .setCause(e)
          .log("The handling of a request failed unexpectedly");
      exchange.handlerFailed();
    }
  }
}
