package io.anywire.messaging.rpc;

import io.anywire.call.Bytes;
import io.anywire.messaging.rpc.v1.Frame;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A unary call over a broker: one frame there, one back. Of a call that takes longer the serving
 * instance makes itself known in between, so that it can be told that nobody waits any more.
 */
final class UnaryCall<ReqT, RespT> extends QueueCall<ReqT, RespT> {
  private byte @Nullable [] request;

  UnaryCall(
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      QueueChannel channel,
      boolean refused) {
    super(method, options, channel, refused);
  }

  @Override
  void opened() {}

  @Override
  protected void write(ReqT message) {
    request = Bytes.encodeRequest(method().getRequestMarshaller(), message, options());
  }

  @Override
  protected void writeEnd() {
    byte[] message = request;
    if (message == null) {
      end(Status.INTERNAL.withDescription("half-closed without a request"), new Metadata());
    } else {
      publish(
          Frame.newBuilder().setMessage(Frames.bytes(message)).setHalfClose(true), request -> {});
    }
  }

  @Override
  void accept(Frame frame) {
    try {
      if (frame.hasStatus()) {
        answered(frame);
      }
    } catch (IllegalArgumentException e) {
      malformed(e);
    }
  }

  private void answered(Frame frame) {
    if (frame.hasHeaders()) {
      headers(Frames.metadata(frame.getHeaders().getMetadataList()));
    }
    if (frame.hasMessage()) {
      byte[] response = frame.getMessage().toByteArray();
      message(() -> Bytes.decodeResponse(method().getResponseMarshaller(), response, options()));
    }
    end(frame.getStatus());
  }
}
