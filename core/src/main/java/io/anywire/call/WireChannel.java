package io.anywire.call;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A channel of our own: it knows its running calls, so that a shutdown refuses new ones and waits
 * for, or cancels, the others. Thread-safe.
 */
public abstract class WireChannel extends ManagedChannel {
  private final Set<ClientCall<?, ?>> running = ConcurrentHashMap.newKeySet();
  private final InFlight inFlight = new InFlight();
  private final AtomicBoolean released = new AtomicBoolean();
  private volatile boolean shutdown;

  /** A call of this wire. */
  protected abstract <ReqT, RespT> ClientCall<ReqT, RespT> call(
      MethodDescriptor<ReqT, RespT> method, CallOptions options);

  /** Releases connections; called once, after the last call has ended or been cancelled. */
  protected abstract void release();

  @Override
  public final <ReqT, RespT> ClientCall<ReqT, RespT> newCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    return shutdown
        ? new RefusedCall<>(options)
        : new TrackedCall<>(call(method, options), options);
  }

  @Override
  public final ManagedChannel shutdown() {
    shutdown = true;
    releaseWhenIdle();
    return this;
  }

  @Override
  public final ManagedChannel shutdownNow() {
    shutdown();
    running.forEach(call -> call.cancel("the channel was shut down", null));
    return this;
  }

  @Override
  public final boolean isShutdown() {
    return shutdown;
  }

  @Override
  public final boolean isTerminated() {
    return shutdown && inFlight.count() == 0;
  }

  @Override
  public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return inFlight.awaitIdle(Duration.ofNanos(unit.toNanos(timeout))) && shutdown;
  }

  private void releaseWhenIdle() {
    if (shutdown && inFlight.count() == 0 && released.compareAndSet(false, true)) {
      release();
    }
  }

  private final class TrackedCall<ReqT, RespT> extends SimpleForwardingClientCall<ReqT, RespT> {
    private final CallOptions options;
    private volatile boolean refused;

    TrackedCall(ClientCall<ReqT, RespT> call, CallOptions options) {
      super(call);
      this.options = options;
    }

    @Override
    protected ClientCall<ReqT, RespT> delegate() {
      return refused ? new RefusedCall<>(options) : super.delegate();
    }

    @Override
    public void start(Listener<RespT> listener, Metadata headers) {
      inFlight.enter();
      if (shutdown) {
        inFlight.exit();
        releaseWhenIdle();
        refused = true;
        super.start(listener, headers);
        return;
      }
      running.add(this);
      super.start(
          new SimpleForwardingClientCallListener<>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              running.remove(TrackedCall.this);
              inFlight.exit();
              releaseWhenIdle();
              super.onClose(status, trailers);
            }
          },
          headers);
    }
  }

  private static final class RefusedCall<ReqT, RespT> extends ClientCall<ReqT, RespT> {
    private final Mailbox mailbox;

    RefusedCall(CallOptions options) {
      mailbox =
          new Mailbox(options.getExecutor() == null ? Threads.VIRTUAL : options.getExecutor());
    }

    @Override
    public void start(Listener<RespT> listener, Metadata headers) {
      Status status = Status.UNAVAILABLE.withDescription("the channel has been shut down");
      mailbox.execute(() -> listener.onClose(status, new Metadata()));
    }

    @Override
    public void request(int messages) {}

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {}

    @Override
    public void halfClose() {}

    @Override
    public void sendMessage(ReqT message) {}
  }
}
