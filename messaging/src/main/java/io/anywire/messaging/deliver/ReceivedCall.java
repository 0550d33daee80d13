package io.anywire.messaging.deliver;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Status;
import io.anywire.broker.Message;
import io.anywire.call.Bytes;
import io.anywire.call.InboundCall;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.wire.ServedMethod;
import io.grpc.Deadline;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** The call of a handler that a message has become; nobody waits for it. */
final class ReceivedCall<ReqT, RespT> extends InboundCall<ReqT, RespT> {
  private final BiConsumer<Status, ByteString> ended;
  private final Runnable over;
  private ByteString response = ByteString.EMPTY;

  /**
   * @param ended takes status and response; not called when the call was cancelled
   * @param over called once, when the call holds nothing any more
   */
  ReceivedCall(
      ServedMethod<ReqT, RespT> method, BiConsumer<Status, ByteString> ended, Runnable over) {
    super(method, Runnable::run);
    this.ended = ended;
    this.over = over;
  }

  /**
   * Begins.
   *
   * @param limit how long it may take
   */
  void begin(Received received, Metadata headers, Message request, Optional<Duration> limit) {
    start(received.context(), headers, limit.map(ReceivedCall::deadline).orElse(null));
    message(() -> Payloads.decode(method(), request));
    halfClose();
  }

  private static Deadline deadline(Duration limit) {
    long millis = Math.min(limit.toMillis(), Duration.ofDays(3650).toMillis());
    return Deadline.after(Math.max(1, millis), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void writeHeaders(Metadata headers) {}

  @Override
  protected void writeMessage(RespT message) {
    response =
        UnsafeByteOperations.unsafeWrap(
            Bytes.encode(method().descriptor().getResponseMarshaller(), message));
  }

  @Override
  protected void writeClose(io.grpc.Status status, Metadata trailers) {
    ended.accept(RpcStatus.of(status, trailers), status.isOk() ? response : ByteString.EMPTY);
  }

  @Override
  protected void read(int messages) {}

  @Override
  protected void released() {
    over.run();
  }
}
