package io.anywire.http.grpc;

import io.anywire.call.Bytes;
import io.grpc.Compressor;
import io.grpc.MethodDescriptor;
import io.netty.buffer.ByteBuf;

/** How a method's messages become bytes and back. Thread-safe. */
public interface Payload<ReqT, RespT> {

  /** The request that the bytes hold; what it throws ends the call {@code INVALID_ARGUMENT}. */
  ReqT decode(byte[] message);

  /** The response's bytes. */
  byte[] encode(RespT message);

  /** The response with its prefix, as it is sent. */
  default ByteBuf frame(RespT message, Compressor compressor) {
    return Framer.frame(encode(message), compressor);
  }

  /** By the method's own marshallers. */
  static <ReqT, RespT> Payload<ReqT, RespT> of(MethodDescriptor<ReqT, RespT> method) {
    return new Payload<>() {
      @Override
      public ReqT decode(byte[] message) {
        return Bytes.decode(method.getRequestMarshaller(), message);
      }

      @Override
      public byte[] encode(RespT message) {
        return Bytes.encode(method.getResponseMarshaller(), message);
      }

      @Override
      public ByteBuf frame(RespT message, Compressor compressor) {
        return Framer.frame(method.getResponseMarshaller(), message, compressor);
      }
    };
  }
}
