package io.anywire.handler;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * Runs the body of one streaming call on a virtual thread, and ends its waits with the call.
 *
 * <p>The body's thread alone sends and closes, since a {@link ServerCall} is not thread-safe; the
 * callbacks only raise signals, and so never block the server.
 */
final class StreamBody<RespT> {
  private final ServerCall<?, RespT> call;
  private final Signals signals = new Signals();
  private final Sender<RespT> out;

  StreamBody(ServerCall<?, RespT> call) {
    this.call = call;
    this.out = new ReadySender<>(call, signals);
  }

  Sender<RespT> out() {
    return out;
  }

  Signals signals() {
    return signals;
  }

  /** Starts the body in the current {@link Context}; the call ends with it. */
  void start(Ending.Body body) {
    Context context = Context.current();
    Thread.ofVirtual()
        .name(call.getMethodDescriptor().getFullMethodName())
        .start(context.wrap(() -> run(context, body)));
  }

  private void run(Context context, Ending.Body body) {
    Context.CancellationListener cancelled =
        cancelledContext -> signals.end(Contexts.statusFromCancelled(cancelledContext));
    context.addListener(cancelled, Runnable::run);
    try {
      Ending.of(call, body);
    } finally {
      context.removeListener(cancelled);
      signals.end(Status.CANCELLED.withDescription("The handler's method has returned"));
    }
  }

  /** Returns the call's callbacks: those given, each followed by a signal to the body. */
  <ReqT> ServerCall.Listener<ReqT> wokenBy(ServerCall.Listener<ReqT> callbacks) {
    return new SimpleForwardingServerCallListener<>(callbacks) {
      @Override
      public void onMessage(ReqT message) {
        super.onMessage(message);
        signals.raise();
      }

      @Override
      public void onHalfClose() {
        super.onHalfClose();
        signals.raise();
      }

      @Override
      public void onReady() {
        signals.raise();
      }

      @Override
      public void onCancel() {
        signals.end(Status.CANCELLED.withDescription("The call was cancelled"));
      }

      @Override
      public void onComplete() {
        signals.end(Status.CANCELLED.withDescription("The call is closed"));
      }
    };
  }
}
