package io.anywire.messaging.envelope;

import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.call.Bytes;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Requests from bytes. */
public final class Requests {
  private Requests() {}

  /**
   * The request that the bytes hold.
   *
   * @throws StatusRuntimeException {@code INVALID_ARGUMENT} when they hold none; gRPC's own
   *     marshaller says {@code INTERNAL} there, as if it were our fault
   */
  public static <ReqT> ReqT decode(Marshaller<ReqT> marshaller, byte[] bytes) {
    try {
      return Bytes.decode(marshaller, bytes);
    } catch (StatusRuntimeException e) {
      if (e.getCause() instanceof InvalidProtocolBufferException cause) {
        throw Status.INVALID_ARGUMENT
            .withDescription("the message cannot be decoded: " + cause.getMessage())
            .withCause(cause)
            .asRuntimeException();
      }
      throw e;
    }
  }
}
