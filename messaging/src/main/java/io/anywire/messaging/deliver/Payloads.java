package io.anywire.messaging.deliver;

import com.google.protobuf.DynamicMessage;
import io.anywire.broker.Message;
import io.anywire.call.Bytes;
import io.anywire.json.JsonCodec;
import io.anywire.messaging.envelope.Envelope;
import io.anywire.wire.ServedMethod;
import io.grpc.Status;
import java.util.Locale;

/** Requests from payloads, by the type that {@code datacontenttype} names: protobuf or JSON. */
final class Payloads {
  private static final JsonCodec JSON = JsonCodec.builder().ignoreUnknownFields(true).build();

  private Payloads() {}

  /**
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} for another type
   */
  static <ReqT> ReqT decode(ServedMethod<ReqT, ?> method, Message message) {
    String type = message.attributes().getOrDefault("datacontenttype", Envelope.PROTOBUF);
    int parameters = type.indexOf(';');
    String bare = (parameters < 0 ? type : type.substring(0, parameters)).trim();
    byte[] payload = message.payload().toByteArray();
    return switch (bare.toLowerCase(Locale.ROOT)) {
      case Envelope.PROTOBUF, "application/x-protobuf", "application/octet-stream" ->
          Bytes.decode(method.descriptor().getRequestMarshaller(), payload);
      case "application/json" ->
          Bytes.decode(method.descriptor().getRequestMarshaller(), fromJson(method, payload));
      default -> throw unknown(bare);
    };
  }

  private static byte[] fromJson(ServedMethod<?, ?> method, byte[] json) {
    DynamicMessage empty =
        DynamicMessage.getDefaultInstance(
            method.contract().orElseThrow(() -> unknown("application/json")).inputType());
    return JSON.read(json, empty).toByteArray();
  }

  private static RuntimeException unknown(String type) {
    return Status.INVALID_ARGUMENT
        .withDescription("datacontenttype: " + type + " (expected: " + Envelope.PROTOBUF + ")")
        .asRuntimeException();
  }
}
