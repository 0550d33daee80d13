package io.anywire.messaging.rpc;

import io.anywire.broker.Broker;
import io.anywire.messaging.envelope.Counted;
import io.anywire.messaging.rpc.v1.Frame;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Sends frames to the inboxes of callers. Thread-safe. */
final class Answers {
  private final Broker broker;
  private final Counted unanswered;

  /**
   * @param where the queue whose calls are answered
   */
  Answers(Broker broker, String where) {
    this.broker = broker;
    this.unanswered = new Counted("Dropped a reply that could not be sent", where);
  }

  /** The caller of a call that begins with {@code request}. */
  Peer caller(Frame request) {
    return new Peer(broker, request.getRequest().getReplyTo(), request.getCallId());
  }

  /** The largest frame that the broker takes. */
  int maxFrameBytes() {
    return broker.capabilities().maxMessageBytes();
  }

  /** Sends, or counts and drops what cannot be sent; a status goes instead of what is too large. */
  void send(Frame request, Frame.Builder answer) {
    try {
      Frame frame = fitting(answer.setCallId(request.getCallId()).build());
      broker.send(request.getRequest().getReplyTo(), Frames.message(frame));
    } catch (StatusRuntimeException e) {
      unanswered.add(String.valueOf(e.getMessage()));
    }
  }

  private Frame fitting(Frame answer) {
    int size = answer.getSerializedSize();
    int limit = maxFrameBytes();
    return size <= limit
        ? answer
        : Frames.ended(
                Status.RESOURCE_EXHAUSTED.withDescription(
                    "a reply of " + size + " bytes (expected: <= " + limit + ")"))
            .setCallId(answer.getCallId())
            .build();
  }
}
