package io.anywire.messaging;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Sends {@code x-text} back in the headers and {@code x-data-bin} in the trailers. */
final class EchoMetadata implements ServerInterceptor {
  static final Metadata.Key<String> TEXT = LabHandler.key("x-text");
  static final Metadata.Key<byte[]> DATA =
      Metadata.Key.of("x-data-bin", Metadata.BINARY_BYTE_MARSHALLER);

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata request, ServerCallHandler<ReqT, RespT> next) {
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void sendHeaders(Metadata headers) {
            request.getAll(TEXT).forEach(value -> headers.put(TEXT, value));
            super.sendHeaders(headers);
          }

          @Override
          public void close(Status status, Metadata trailers) {
            request.getAll(DATA).forEach(value -> trailers.put(DATA, value));
            super.close(status, trailers);
          }
        },
        request);
  }
}
