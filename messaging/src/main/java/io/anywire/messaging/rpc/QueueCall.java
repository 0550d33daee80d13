package io.anywire.messaging.rpc;

import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.call.OutboundCall;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Request;
import io.anywire.messaging.rpc.v1.Serving;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call over a broker: its first frame goes to the queue of its service, what is answered comes to
 * the inbox of its channel.
 */
abstract class QueueCall<ReqT, RespT> extends OutboundCall<ReqT, RespT> {
  private final QueueChannel channel;
  private final boolean refused;

  // Touched while the call is being opened only, which is one step after the other.
  private Metadata headers = new Metadata();
  private @Nullable Deadline deadline;

  private volatile boolean aborted;
  private volatile @Nullable Replies replies;
  private volatile @Nullable Serving serving;
  private volatile long id;

  /**
   * @param refused the method is an event, and nothing is to be sent
   */
  QueueCall(
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      QueueChannel channel,
      boolean refused) {
    super(method, options);
    this.channel = channel;
    this.refused = refused;
  }

  /** The first frame may be published from now on. */
  abstract void opened();

  /** A frame has arrived. Called by one thread at a time; must not block. */
  abstract void accept(Frame frame);

  /** The call is over: nothing is sent or awaited any more. */
  void released() {}

  @Override
  protected final @Nullable Runnable preparation() {
    return refused || channel.isOpen() ? null : channel::replies;
  }

  @Override
  protected final void open(Metadata requestHeaders, @Nullable Deadline requestDeadline) {
    headers = requestHeaders;
    deadline = requestDeadline;
    if (refused) {
      String name = method().getFullMethodName();
      closed(
          Status.UNIMPLEMENTED.withDescription(
              name
                  + " is an event: it is published, not called (expected: Events.at(…).channel())"),
          new Metadata());
    } else {
      opened();
    }
  }

  @Override
  protected final void read(int messages) {}

  @Override
  protected final void abort(Status reason) {
    aborted = true;
    leave();
    released();
    tellCancelled();
  }

  @Override
  protected final String authority() {
    return channel.authority();
  }

  /**
   * A frame has arrived. Called by one thread at a time.
   *
   * @return whether anybody waits for it
   */
  final boolean receive(Frame frame) {
    if (frame.hasServing()) {
      serving = frame.getServing();
    }
    accept(frame);
    return !aborted;
  }

  /** Tells the serving instance, where it is known, that nobody waits any more. */
  final void tellCancelled() {
    Replies from = replies;
    Serving known = serving;
    if (from != null && known != null) {
      from.tellCancelled(known);
    }
  }

  final QueueChannel channel() {
    return channel;
  }

  /**
   * Publishes the first frame, and is answered from then on. A failure ends the call.
   *
   * @param first what it holds besides the call's number and request
   * @param complete the request's share of it
   */
  final void publish(Frame.Builder first, Consumer<Request.Builder> complete) {
    if (refused) {
      return;
    }
    try {
      Replies to = channel.replies();
      replies = to;
      id = to.enter(this);
      if (aborted) {
        leave();
      } else {
        publish(to, first.setCallId(id).setRequest(request(to.address(), complete)).build());
      }
    } catch (StatusRuntimeException e) {
      failed(e);
    }
  }

  /** The call is over, by what the other side said or by what became of it. */
  final void end(Status status, Metadata trailers) {
    leave();
    released();
    Explanation.say(options(), "reply", status.getCode().toString());
    closed(status, trailers);
  }

  /** The other side's status, with its trailers. */
  final void end(io.anywire.messaging.rpc.v1.Status status) {
    Metadata trailers = Frames.metadata(status.getMetadataList());
    end(RpcStatus.intoTrailers(status.getStatus(), trailers), trailers);
  }

  /** The call cannot go on. */
  final void end(com.google.rpc.Status status) {
    Metadata trailers = new Metadata();
    end(RpcStatus.intoTrailers(status, trailers), trailers);
  }

  /** Ends the call with something that is wrong with what the other side sent. */
  final void malformed(IllegalArgumentException e) {
    tellCancelled();
    String description = "the reply has malformed metadata: " + e.getMessage();
    end(Status.INTERNAL.withDescription(description), new Metadata());
  }

  private void publish(Replies to, Frame frame) {
    Topic topic = Places.calls(Objects.requireNonNull(method().getServiceName()));
    Explanation.say(options(), "queue", topic.name() + " at " + channel.authority());
    Explanation.say(options(), "codec", "protobuf, " + frame.getMessage().size() + " bytes");
    Explanation.say(options(), "attempt", "1 of 1, call " + id);
    to.broker()
        .publish(new Publication(topic, Frames.message(frame)).within(timeLeft()))
        .whenComplete((taken, failure) -> {
          if (failure != null) {
            failed(failure);
          }
        });
  }

  private Request request(String replyTo, Consumer<Request.Builder> complete) {
    Request.Builder request =
        Request.newBuilder()
            .setMethod(method().getFullMethodName())
            .setReplyTo(replyTo)
            .setSentAtMillis(System.currentTimeMillis())
            .addAllMetadata(Frames.entries(headers));
    Deadline until = deadline;
    if (until != null) {
      request.setTimeoutMicros(Math.max(1, until.timeRemaining(TimeUnit.MICROSECONDS)));
    }
    complete.accept(request);
    return request.build();
  }

  private void failed(Throwable failure) {
    end(RpcStatus.of(failure));
  }

  private void leave() {
    Replies from = replies;
    if (from != null) {
      from.leave(id);
    }
  }
}
