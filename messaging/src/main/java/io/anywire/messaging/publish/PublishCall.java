package io.anywire.messaging.publish;

import com.google.common.base.Ascii;
import com.google.protobuf.UnsafeByteOperations;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.call.Bytes;
import io.anywire.call.OutboundCall;
import io.anywire.messaging.envelope.Codec;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A call that is over when the broker has taken responsibility for its message. */
final class PublishCall<ReqT, RespT> extends OutboundCall<ReqT, RespT> {
  private final PublishChannel channel;
  private final Publisher publisher;

  // Touched while the call is being sent only, which is one step after the other.
  private Metadata headers = new Metadata();
  private @Nullable ReqT request;
  private boolean refused;

  PublishCall(
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      PublishChannel channel,
      Publisher publisher) {
    super(method, options);
    this.channel = channel;
    this.publisher = publisher;
  }

  @Override
  protected void open(Metadata requestHeaders, @Nullable Deadline deadline) {
    headers = requestHeaders;
    try {
      publisher.check(method());
    } catch (StatusRuntimeException e) {
      refused = true;
      failed(e);
    }
  }

  @Override
  protected void write(ReqT message) {
    request = message;
  }

  @Override
  protected void writeEnd() {
    ReqT message = request;
    if (refused) {
      return;
    }
    if (message == null) {
      failed(Status.INTERNAL.withDescription("half-closed without a message").asException());
      return;
    }
    try {
      publish(message);
    } catch (StatusRuntimeException e) {
      failed(e);
    }
  }

  @Override
  protected void read(int messages) {}

  @Override
  protected void abort(Status reason) {}

  @Override
  protected String authority() {
    return channel.authority();
  }

  private void publish(ReqT message) {
    byte[] encoded = Bytes.encodeRequest(method().getRequestMarshaller(), message, options());
    Broker broker = channel.broker();
    Publication publication =
        written(
                publisher.publication(broker, method(), options(), headers, message, encoded),
                message)
            .within(timeLeft());
    String kind = publication.topic().kind() == Topic.Kind.EVENTS ? "topic" : "queue";
    Explanation.say(
        options(), kind, () -> publication.topic().name() + " at " + channel.authority());
    Explanation.say(
        options(),
        "codec",
        () ->
            Ascii.toLowerCase(channel.codec().name())
                + ", "
                + publication.message().payload().size()
                + " bytes");
    Explanation.say(options(), "attempt", () -> "1 of 1, message " + publication.message().id());
    Batch batch = options().getOption(Batch.KEY);
    CompletionStage<Void> result =
        batch == null ? broker.publish(publication) : batch.publish(broker, publication);
    result.whenComplete((taken, failure) -> {
      if (failure == null) {
        taken(publication.message().id());
      } else {
        failed(failure);
      }
    });
  }

  /** The same in the codec of the channel. */
  private Publication written(Publication publication, ReqT request) {
    Codec codec = channel.codec();
    if (codec == Codec.PROTOBUF) {
      return publication;
    }
    if (!(request instanceof com.google.protobuf.Message message)) {
      throw Status.UNIMPLEMENTED
          .withDescription(
              method().getFullMethodName() + ": only protobuf messages have another codec")
          .asRuntimeException();
    }
    Message written =
        publication.message().toBuilder()
            .attribute("datacontenttype", codec.mediaType())
            .payload(UnsafeByteOperations.unsafeWrap(codec.write(message)))
            .build();
    return new Publication(
        publication.topic(), written, publication.delay(), publication.patience());
  }

  private void taken(String id) {
    Explanation.say(options(), "receipt", id);
    Supplier<RespT> empty = () -> Bytes.decode(method().getResponseMarshaller(), new byte[0]);
    answered(receipt(id), publisher.answers() ? empty : null, Status.OK, receipt(id));
  }

  private static Metadata receipt(String id) {
    Metadata receipt = new Metadata();
    receipt.put(PublishChannel.MESSAGE_ID, id);
    return receipt;
  }

  private void failed(Throwable failure) {
    Metadata trailers = new Metadata();
    Status status = RpcStatus.intoTrailers(RpcStatus.of(failure), trailers);
    Explanation.say(options(), "refused", String.valueOf(status.getDescription()));
    closed(status, trailers);
  }
}
