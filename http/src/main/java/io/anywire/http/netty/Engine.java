package io.anywire.http.netty;

import io.anywire.call.InFlight;
import io.anywire.http.exchange.ExchangeHandler;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of a server share. Thread-safe. */
record Engine(HttpLimits limits, ExchangeHandler handler, InFlight inFlight) {
  private static final Logger log = LoggerFactory.getLogger(Engine.class);

  /** A user event that tells a connection to take in nothing new and to end when it is idle. */
  enum Stop {
    INSTANCE
  }

  /** Gives an exchange to the handler. */
  void handle(ServedExchange exchange) {
    guarded(exchange, handler::handle);
    if (!exchange.isAnswered() && exchange.headers().contains("expect")) {
      exchange.writeContinue();
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
