package io.anywire.messaging.deliver;

import com.google.protobuf.DynamicMessage;
import io.anywire.broker.Message;
import io.anywire.call.Bytes;
import io.anywire.messaging.envelope.Codec;
import io.anywire.messaging.envelope.StructuredMode;
import io.anywire.wire.ServedMethod;
import io.grpc.Status;

/** Requests from payloads, by the type that {@code datacontenttype} names. */
final class Payloads {
  private Payloads() {}

  /**
   * Reads a request.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} for another type
   */
  static <ReqT> ReqT decode(ServedMethod<ReqT, ?> method, Message message) {
    String type =
        StructuredMode.mediaType(
            message.attributes().getOrDefault("datacontenttype", Codec.PROTOBUF.mediaType()));
    Codec codec = Codec.of(type).orElseThrow(() -> unknown(type));
    byte[] payload = message.payload().toByteArray();
    return Bytes.decode(
        method.descriptor().getRequestMarshaller(),
        codec == Codec.PROTOBUF || payload.length == 0
            ? payload
            : protobuf(codec, method, payload));
  }

  private static byte[] protobuf(Codec codec, ServedMethod<?, ?> method, byte[] text) {
    DynamicMessage empty =
        DynamicMessage.getDefaultInstance(
            method.contract().orElseThrow(() -> unknown(codec.mediaType())).inputType());
    return codec.read(text, empty).toByteArray();
  }

  private static RuntimeException unknown(String type) {
    return Status.INVALID_ARGUMENT
        .withDescription(
            "datacontenttype: " + type + " (expected: protobuf, JSON or XML, as the docs say)")
        .asRuntimeException();
  }
}
