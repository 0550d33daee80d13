package io.anywire.http.exchange;

/** Handles requests; called on the connection's event loop, so it must not block. */
@FunctionalInterface
public interface ExchangeHandler {

  /**
   * Handles a request whose headers are complete. Calls {@link Exchange#receive} before returning.
   */
  void handle(Exchange exchange);
}
