package io.anywire.handler;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.Objects;

/** Sends when the call says that it is ready, and waits until then. */
final class ReadySender<RespT> implements Sender<RespT> {
  private final ServerCall<?, RespT> call;
  private final Signals signals;
  private boolean headersSent;

  ReadySender(ServerCall<?, RespT> call, Signals signals) {
    this.call = call;
    this.signals = signals;
  }

  @Override
  public void send(RespT response) {
    Objects.requireNonNull(response, "response: null (expected: a message)");
    awaitReady();
    if (!headersSent) {
      headersSent = true;
      call.sendHeaders(new Metadata());
    }
    call.sendMessage(response);
  }

  private void awaitReady() {
    long seen = signals.epoch();
    while (!call.isReady()) {
      signals.awaitAfter(seen);
      seen = signals.epoch();
    }
  }
}
