package io.anywire.http.netty;

import java.util.ArrayList;
import java.util.List;

/**
 * The streams of one connection that are answered although their clients still send. Such a client
 * is to be told by a reset that nobody listens any more (RFC 9113, section 8.1), but only when it
 * has read its answer: there are clients that throw the answer away when both come at once. So a
 * PING goes behind the answer, and the reset follows its acknowledgement. What comes until then is
 * dropped. For the event loop only.
 */
final class AnsweredEarly {
  private final Runnable ping;
  private List<Http2Exchange> asked = List.of();
  private List<Http2Exchange> waiting = new ArrayList<>();

  /**
   * @param ping sends the PING whose acknowledgement is told to {@link #acknowledged}
   */
  AnsweredEarly(Runnable ping) {
    this.ping = ping;
  }

  /** The answer of this exchange has been written. */
  void add(Http2Exchange exchange) {
    waiting.add(exchange);
    if (asked.isEmpty()) {
      ask();
    }
  }

  /** The client has read what was written before the PING. */
  void acknowledged() {
    asked.forEach(Http2Exchange::resetUnlessComplete);
    asked = List.of();
    if (!waiting.isEmpty()) {
      ask();
    }
  }

  private void ask() {
    asked = waiting;
    waiting = new ArrayList<>();
    ping.run();
  }
}
