package io.anywire.http.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.call.MessageForm;
import io.anywire.contract.MethodContract;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Optional;

/** How a method's messages become HTTP on the caller's side. Immutable. */
record RestBinding<ReqT, RespT>(
    MethodContract contract,
    MessageForm<ReqT> request,
    MessageForm<RespT> response,
    JsonCodec codec) {

  static <ReqT, RespT> RestBinding<ReqT, RespT> of(
      MethodDescriptor<ReqT, RespT> method, MethodContract contract, JsonCodec codec) {
    return new RestBinding<>(
        contract,
        MessageForm.of(method.getRequestMarshaller(), contract.inputType()),
        MessageForm.of(method.getResponseMarshaller(), contract.outputType()),
        codec);
  }

  /**
   * The request as HTTP.
   *
   * @throws io.grpc.StatusRuntimeException {@code INTERNAL} when it has no JSON form
   */
  RequestWriter.Written write(ReqT message) {
    try {
      return new RequestWriter(codec, contract).write(request.message(message));
    } catch (JsonException e) {
      throw Status.INTERNAL
          .withDescription("the request cannot be written as JSON: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  /**
   * The response that the JSON holds; no JSON at all is an empty message.
   *
   * @throws io.grpc.StatusRuntimeException {@code INTERNAL} when it does not fit
   */
  RespT read(byte[] json, Optional<FieldDescriptor> responseBody) {
    Message.Builder builder = response.prototype().newBuilderForType();
    try {
      if (json.length > 0 && responseBody.isPresent()) {
        codec.mergeField(
            json, builder, MessageForm.field(response.prototype(), responseBody.get()));
      } else if (json.length > 0) {
        codec.merge(json, builder);
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
