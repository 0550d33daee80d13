package io.anywire.messaging.rpc;

import io.anywire.broker.Topic;
import io.anywire.call.Bytes;
import io.anywire.call.OutboundCall;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Request;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A unary call over a broker: one request frame, one reply frame. */
final class QueueCall<ReqT, RespT> extends OutboundCall<ReqT, RespT> {
  private final QueueChannel channel;
  private final boolean events;

  // Touched while the call is being sent only, which is one step after the other.
  private Metadata headers = new Metadata();
  private @Nullable Deadline deadline;
  private byte @Nullable [] payload;
  private boolean refused;
  private volatile boolean aborted;

  private volatile @Nullable Replies replies;
  private volatile long id;

  QueueCall(
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      QueueChannel channel,
      boolean events) {
    super(method, options);
    this.channel = channel;
    this.events = events;
  }

  @Override
  protected void open(Metadata requestHeaders, @Nullable Deadline requestDeadline) {
    headers = requestHeaders;
    deadline = requestDeadline;
    String name = method().getFullMethodName();
    if (method().getType() != MethodType.UNARY) {
      refuse(name + " streams, and calls over a queue are unary (expected: a grpc:// URL)");
    } else if (events) {
      refuse(name + " is an event: it is published, not called (expected: Events.at(…).channel())");
    }
  }

  @Override
  protected void write(ReqT message) {
    if (!refused) {
      payload = Bytes.encodeRequest(method().getRequestMarshaller(), message, options());
    }
  }

  @Override
  protected void writeEnd() {
    byte[] request = payload;
    if (refused) {
      return;
    }
    if (request == null) {
      closed(Status.INTERNAL.withDescription("half-closed without a request"), new Metadata());
      return;
    }
    try {
      publish(request);
    } catch (StatusRuntimeException e) {
      failed(e);
    }
  }

  @Override
  protected void read(int messages) {}

  @Override
  protected void abort(Status reason) {
    aborted = true;
    leave();
  }

  @Override
  protected String authority() {
    return channel.authority();
  }

  /** A reply has arrived. */
  void reply(Frame frame) {
    try {
      if (frame.hasHeaders()) {
        headers(Frames.metadata(frame.getHeaders().getMetadataList()));
      }
      if (frame.hasMessage()) {
        byte[] response = frame.getMessage().toByteArray();
        message(() -> Bytes.decodeResponse(method().getResponseMarshaller(), response, options()));
      }
      if (frame.hasStatus()) {
        Metadata trailers = Frames.metadata(frame.getStatus().getMetadataList());
        end(RpcStatus.intoTrailers(frame.getStatus().getStatus(), trailers), trailers);
      }
    } catch (IllegalArgumentException e) {
      leave();
      end(
          Status.INTERNAL.withDescription("the reply has malformed metadata: " + e.getMessage()),
          new Metadata());
    }
  }

  /** Nothing more will arrive. */
  void end(Status status, Metadata trailers) {
    Explanation.say(options(), "reply", status.getCode().toString());
    closed(status, trailers);
  }

  private void publish(byte[] request) {
    Replies to = channel.replies();
    replies = to;
    id = to.enter(this);
    if (aborted) {
      leave();
      return;
    }
    Topic topic = Places.calls(Objects.requireNonNull(method().getServiceName()));
    Frame frame = frame(request, to.address());
    Explanation.say(options(), "queue", topic.name() + " at " + channel.authority());
    Explanation.say(options(), "codec", "protobuf, " + request.length + " bytes");
    Explanation.say(options(), "attempt", "1 of 1, call " + id);
    to.broker()
        .publish(topic, Frames.message(frame))
        .whenComplete((taken, failure) -> {
          if (failure != null) {
            failed(failure);
          }
        });
  }

  private Frame frame(byte[] request, String replyTo) {
    Request.Builder start =
        Request.newBuilder()
            .setMethod(method().getFullMethodName())
            .setReplyTo(replyTo)
            .setSentAtMillis(System.currentTimeMillis())
            .addAllMetadata(Frames.entries(headers));
    Deadline until = deadline;
    if (until != null) {
      start.setTimeoutMicros(Math.max(1, until.timeRemaining(TimeUnit.MICROSECONDS)));
    }
    return Frame.newBuilder()
        .setCallId(id)
        .setRequest(start)
        .setMessage(Frames.bytes(request))
        .setHalfClose(true)
        .build();
  }

  private void refuse(String reason) {
    refused = true;
    closed(Status.UNIMPLEMENTED.withDescription(reason), new Metadata());
  }

  private void failed(Throwable failure) {
    leave();
    Metadata trailers = new Metadata();
    end(RpcStatus.intoTrailers(RpcStatus.of(failure), trailers), trailers);
  }

  private void leave() {
    Replies from = replies;
    if (from != null) {
      from.leave(id);
    }
  }
}
