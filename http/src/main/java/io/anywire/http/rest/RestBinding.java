package io.anywire.http.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.call.MessageForm;
import io.anywire.codec.CodecException;
import io.anywire.contract.MethodContract;
import io.anywire.json.JsonCodec;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Optional;

/** How a method's messages become HTTP on the caller's side. Immutable. */
record RestBinding<ReqT, RespT>(
    MethodContract contract,
    MessageForm<ReqT> request,
    MessageForm<RespT> response,
    JsonCodec codec,
    RequestWriter writer) {

  static <ReqT, RespT> RestBinding<ReqT, RespT> of(
      MethodDescriptor<ReqT, RespT> method,
      MethodContract contract,
      JsonCodec codec,
      RequestWriter writer) {
    return new RestBinding<>(
        contract,
        MessageForm.of(method.getRequestMarshaller(), contract.inputType()),
        MessageForm.of(method.getResponseMarshaller(), contract.outputType()),
        codec,
        writer);
  }

  /**
   * The request as HTTP.
   *
   * @throws io.grpc.StatusRuntimeException {@code INTERNAL} when it cannot be written
   */
  RequestWriter.Written write(ReqT message) {
    try {
      return writer.write(request.message(message));
    } catch (CodecException e) {
      throw Status.INTERNAL
          .withDescription("the request cannot be written: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  /**
   * The response that a body holds; an empty body is an empty message.
   *
   * @throws io.grpc.StatusRuntimeException {@code INTERNAL} when it does not fit
   */
  RespT read(Representation form, byte[] body, Optional<FieldDescriptor> responseBody) {
    Message.Builder builder = response.prototype().newBuilderForType();
    try {
      if (body.length > 0 && responseBody.isPresent()) {
        form.mergeField(body, builder, MessageForm.field(response.prototype(), responseBody.get()));
      } else if (body.length > 0) {
        form.merge(body, builder);
      }
      return response.typed(builder.build());
    } catch (RuntimeException e) {
      throw Status.INTERNAL
          .withDescription("the response cannot be decoded: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }
}
