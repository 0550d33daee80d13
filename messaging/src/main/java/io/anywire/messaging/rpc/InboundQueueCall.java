package io.anywire.messaging.rpc;

import com.google.protobuf.ByteString;
import io.anywire.call.Bytes;
import io.anywire.call.InboundCall;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Headers;
import io.anywire.wire.ServedMethod;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A unary call that arrived through a queue; the whole answer is one frame. */
final class InboundQueueCall<ReqT, RespT> extends InboundCall<ReqT, RespT> {
  private final long id;
  private final Consumer<Frame> reply;
  private final Consumer<InboundQueueCall<?, ?>> over;
  private Metadata headers = new Metadata();
  private @Nullable ByteString response;

  /**
   * @param reply takes the answer; not called when the call was cancelled
   * @param over called once, when the call holds nothing any more
   */
  InboundQueueCall(
      ServedMethod<ReqT, RespT> method,
      long id,
      Consumer<Frame> reply,
      Consumer<InboundQueueCall<?, ?>> over) {
    super(method, Runnable::run);
    this.id = id;
    this.reply = reply;
    this.over = over;
  }

  /** Runs the handler, unless the deadline has passed. */
  void begin(Metadata requestHeaders, @Nullable Deadline deadline, ByteString request) {
    start(requestHeaders, deadline);
    message(
        () -> Bytes.decode(method().descriptor().getRequestMarshaller(), request.toByteArray()));
    halfClose();
  }

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
            .setCallId(id)
            .setHeaders(Headers.newBuilder().addAllMetadata(Frames.entries(headers)))
            .setStatus(Frames.status(status, trailers));
    ByteString message = response;
    if (message != null && status.isOk()) {
      frame.setMessage(message);
    }
    reply.accept(frame.build());
  }

  @Override
  protected void read(int messages) {}

  @Override
  protected void released() {
    over.accept(this);
  }
}
