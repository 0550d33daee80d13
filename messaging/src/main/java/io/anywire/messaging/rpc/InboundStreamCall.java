package io.anywire.messaging.rpc;

import io.anywire.call.Bytes;
import io.anywire.call.InboundCall;
import io.anywire.call.Threads;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Headers;
import io.anywire.messaging.rpc.v1.Serving;
import io.anywire.wire.ServedMethod;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * A streaming call that arrived through a queue. Its request is settled first, whatever the
 * contract says of repeating: what follows goes to this instance. It is over when the handler has
 * returned and the status has left, or nobody waits for it any more.
 */
final class InboundStreamCall<ReqT, RespT> extends InboundCall<ReqT, RespT>
    implements ServedCall, CallStream.Owner {
  private final Taken taken;
  private final Supplier<Serving> serving;
  private final Runnable over;
  private final CallStream stream;
  private final AtomicBoolean left = new AtomicBoolean();
  private volatile boolean handled;

  /**
   * @param heartbeatMillis how often either side shows that it is there
   * @param serving where the caller's further frames go; throws {@code UNAVAILABLE} when nowhere
   * @param over called once, when the call holds nothing any more
   */
  InboundStreamCall(
      ServedMethod<ReqT, RespT> method,
      Taken taken,
      int heartbeatMillis,
      Supplier<Serving> serving,
      Runnable over) {
    super(method, Runnable::run);
    this.taken = taken;
    this.serving = serving;
    this.over = over;
    this.stream = new CallStream(1, 0, heartbeatMillis, taken.answers().maxFrameBytes(), this);
  }

  @Override
  public void begin() {
    taken.settledFirst(this::run, this::leave);
  }

  @Override
  public boolean isReady() {
    return stream.isReady();
  }

  @Override
  public void receive(Frame frame) {
    if (frame.hasCancel()) {
      stream.abandon();
      cancel(Status.CANCELLED.withDescription("the caller waits no more"));
      leaveWhenOver();
    } else {
      stream.receive(frame);
    }
  }

  @Override
  public void announce(Serving known) {
    stream.out().introduce();
  }

  @Override
  public void interrupt(Status why) {
    stream.end(Frames.ended(why));
    cancel(why);
    leaveWhenOver();
  }

  @Override
  public void inboxLost() {
    if (stream.stop()) {
      broken(RpcStatus.of(Status.Code.UNAVAILABLE, "the server lost its connection to the broker"));
    }
  }

  @Override
  public void received(Frame frame) {
    if (frame.hasMessage()) {
      byte[] request = frame.getMessage().toByteArray();
      message(() -> {
        stream.taken();
        return decode(request);
      });
    }
    if (frame.getHalfClose()) {
      halfClose();
    }
  }

  @Override
  public void becameReady() {
    writable();
  }

  @Override
  public void finished() {
    leaveWhenOver();
  }

  @Override
  public void broken(com.google.rpc.Status why) {
    Status status = Status.fromCodeValue(why.getCode()).withDescription(why.getMessage());
    Threads.VIRTUAL.execute(() -> stream.out().end(Frames.ended(status)));
    cancel(status);
    leaveWhenOver();
  }

  @Override
  protected void writeHeaders(Metadata headers) {
    Headers.Builder entries = Headers.newBuilder().addAllMetadata(Frames.entries(headers));
    stream.out().add(Frame.newBuilder().setHeaders(entries));
  }

  @Override
  protected void writeMessage(RespT message) {
    byte[] response = Bytes.encode(method().descriptor().getResponseMarshaller(), message);
    stream.out().add(Frame.newBuilder().setMessage(Frames.bytes(response)));
  }

  @Override
  protected void writeClose(Status status, Metadata trailers) {
    try {
      stream.out().add(Frame.newBuilder().setStatus(Frames.status(status, trailers)));
    } catch (StatusRuntimeException tooLarge) {
      stream.out().add(Frames.ended(tooLarge.getStatus()));
    }
  }

  @Override
  protected void read(int messages) {}

  @Override
  protected void released() {
    handled = true;
    leaveWhenOver();
  }

  private void run() {
    Frame first = taken.frame();
    try {
      connect(first);
    } catch (StatusRuntimeException e) {
      taken.answer(Frames.ended(e.getStatus()));
      leave();
      return;
    }
    start(taken.headers(), taken.handlingDeadline());
    if (first.hasMessage()) {
      byte[] request = first.getMessage().toByteArray();
      message(() -> decode(request));
    }
    if (first.getHalfClose()) {
      halfClose();
    } else {
      // The caller waits for it; on another thread, since this one is the broker's.
      Threads.VIRTUAL.execute(stream.out()::introduce);
    }
  }

  private void connect(Frame first) {
    Frame.Builder introduction = Frame.newBuilder().setServing(serving.get());
    if (!first.getHalfClose()) {
      introduction.setCredit(Window.FIRST);
    }
    stream.connect(taken.answers().caller(first), introduction.build(), first.getCredit());
    stream.out().flush();
  }

  private ReqT decode(byte[] request) {
    return Bytes.decode(method().descriptor().getRequestMarshaller(), request);
  }

  private void leaveWhenOver() {
    if (handled && stream.isOver()) {
      leave();
    }
  }

  private void leave() {
    if (left.compareAndSet(false, true)) {
      stream.stop();
      over.run();
    }
  }
}
