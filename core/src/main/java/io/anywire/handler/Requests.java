package io.anywire.handler;

import io.grpc.ServerCall;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The requests of a streaming call: filled by the call's callbacks, emptied by its body. */
final class Requests<ReqT> implements Incoming<ReqT> {
  private final ServerCall<ReqT, ?> call;
  private final Signals signals;

  /** Holds one request at most, unless an interceptor asks the call for more. */
  private final Queue<ReqT> waiting = new ConcurrentLinkedQueue<>();

  private volatile boolean halfClosed;

  Requests(ServerCall<ReqT, ?> call, Signals signals) {
    this.call = call;
    this.signals = signals;
    call.request(1);
  }

  @Override
  public boolean hasNext() {
    while (true) {
      long seen = signals.epoch();
      boolean last = halfClosed; // read before the queue: what came before it is in the queue
      if (!waiting.isEmpty()) {
        return true;
      }
      if (last) {
        return false;
      }
      signals.awaitAfter(seen);
    }
  }

  @Override
  public ReqT next() {
    ReqT request = hasNext() ? waiting.poll() : null;
    if (request == null) {
      throw new NoSuchElementException("The caller has sent its last request");
    }
    call.request(1);
    return request;
  }

  /** Returns the callbacks that fill this stream; whoever calls them raises the signal after. */
  ServerCall.Listener<ReqT> listener() {
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(ReqT message) {
        waiting.add(message);
      }

      @Override
      public void onHalfClose() {
        halfClosed = true;
      }
    };
  }
}
