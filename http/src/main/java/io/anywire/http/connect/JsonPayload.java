package io.anywire.http.connect;

import com.google.protobuf.Message;
import io.anywire.call.Failures;
import io.anywire.call.MessageForm;
import io.anywire.http.grpc.Payload;
import io.anywire.json.JsonCodec;

/** A method's messages as protobuf's JSON; no text at all is an empty message. Immutable. */
record JsonPayload<ReqT, RespT>(
    JsonCodec codec, MessageForm<ReqT> request, MessageForm<RespT> response)
    implements Payload<ReqT, RespT> {

  @Override
  public ReqT decode(byte[] message) {
    Message.Builder builder = request.prototype().newBuilderForType();
    if (message.length > 0) {
      codec.merge(message, builder);
    }
    if (!builder.isInitialized()) {
      throw Failures.invalidField("", "missing " + builder.getInitializationErrorString());
    }
    return request.typed(builder.build());
  }

  @Override
  public byte[] encode(RespT message) {
    return codec.writeBytes(response.message(message));
  }
}
