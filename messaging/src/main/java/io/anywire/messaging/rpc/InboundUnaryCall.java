package io.anywire.messaging.rpc;

import com.google.protobuf.ByteString;
import io.anywire.call.Bytes;
import io.anywire.call.InboundCall;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Headers;
import io.anywire.messaging.rpc.v1.Serving;
import io.anywire.wire.ServedMethod;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A unary call that arrived through a queue; the whole answer is one frame. */
final class InboundUnaryCall<ReqT, RespT> extends InboundCall<ReqT, RespT> implements ServedCall {
  private final Taken taken;
  private final boolean repeatable;
  private final Runnable over;
  private final AtomicBoolean left = new AtomicBoolean();
  private Metadata headers = new Metadata();
  private @Nullable ByteString response;

  /**
   * @param repeatable whether another server may handle the request once more, so that it is
   *     settled after the answer only
   * @param over called once, when the call holds nothing any more
   */
  InboundUnaryCall(
      ServedMethod<ReqT, RespT> method, Taken taken, boolean repeatable, Runnable over) {
    super(method, Runnable::run);
    this.taken = taken;
    this.repeatable = repeatable;
    this.over = over;
  }

  @Override
  public void begin() {
    if (repeatable) {
      run();
    } else {
      taken.settledFirst(this::run, this::released);
    }
  }

  @Override
  public void receive(Frame frame) {
    if (frame.hasCancel()) {
      cancel(Status.CANCELLED.withDescription("the caller waits no more"));
      if (repeatable) {
        taken.settle();
      }
    }
  }

  @Override
  public void announce(Serving serving) {
    taken.answer(Frame.newBuilder().setServing(serving).setAlive(true));
  }

  @Override
  public void interrupt(Status why) {
    if (!repeatable) {
      taken.answer(Frames.ended(why));
    }
    cancel(why);
  }

  @Override
  public void inboxLost() {}

  @Override
  protected void writeHeaders(Metadata responseHeaders) {
    headers = responseHeaders;
  }

  @Override
  protected void writeMessage(RespT message) {
    response = Frames.bytes(Bytes.encode(method().descriptor().getResponseMarshaller(), message));
  }

  @Override
  protected void writeClose(Status status, Metadata trailers) {
    Frame.Builder frame =
        Frame.newBuilder()
            .setHeaders(Headers.newBuilder().addAllMetadata(Frames.entries(headers)))
            .setStatus(Frames.status(status, trailers));
    ByteString message = response;
    if (message != null && status.isOk()) {
      frame.setMessage(message);
    }
    taken.answer(frame);
    if (repeatable) {
      taken.settle();
    }
  }

  @Override
  protected void read(int messages) {}

  @Override
  protected void released() {
    if (left.compareAndSet(false, true)) {
      over.run();
    }
  }

  private void run() {
    start(taken.headers(), taken.deadline());
    byte[] request = taken.frame().getMessage().toByteArray();
    message(() -> Bytes.decode(method().descriptor().getRequestMarshaller(), request));
    halfClose();
  }
}
