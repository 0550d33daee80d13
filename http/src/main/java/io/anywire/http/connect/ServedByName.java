package io.anywire.http.connect;

import io.anywire.call.MessageForm;
import io.anywire.contract.Idempotency;
import io.anywire.contract.MethodContract;
import io.anywire.http.grpc.CallOwner;
import io.anywire.http.grpc.Payload;
import io.anywire.json.JsonCodec;
import io.anywire.wire.ServedMethod;
import io.grpc.MethodDescriptor;

/**
 * A method as this protocol reaches it. Immutable.
 *
 * @param streams whether it has streams, on either side
 * @param byGet whether {@code GET} may call it
 */
record ServedByName<ReqT, RespT>(
    ServedMethod<ReqT, RespT> method,
    CallOwner owner,
    Payload<ReqT, RespT> json,
    Payload<ReqT, RespT> proto,
    boolean streams,
    boolean byGet) {

  static <ReqT, RespT> ServedByName<ReqT, RespT> of(
      ServedMethod<ReqT, RespT> method, CallOwner owner, MethodContract contract, JsonCodec codec) {
    MethodDescriptor<ReqT, RespT> descriptor = method.descriptor();
    return new ServedByName<>(
        method,
        owner,
        new JsonPayload<>(
            codec,
            MessageForm.of(descriptor.getRequestMarshaller(), contract.inputType()),
            MessageForm.of(descriptor.getResponseMarshaller(), contract.outputType())),
        Payload.of(descriptor),
        !contract.isUnary(),
        contract.isUnary() && contract.idempotency() == Idempotency.NO_SIDE_EFFECTS);
  }

  Payload<ReqT, RespT> payload(ConnectCodec codec) {
    return switch (codec) {
      case JSON -> json;
      case PROTO -> proto;
    };
  }

  /** The verbs that are allowed. */
  String verbs() {
    return byGet ? "GET, HEAD, OPTIONS, POST" : "OPTIONS, POST";
  }
}
