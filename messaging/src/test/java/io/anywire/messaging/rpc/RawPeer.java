package io.anywire.messaging.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Inbox;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.Order;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Request;
import io.anywire.messaging.rpc.v1.Serving;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** One side of calls that speaks in frames, so that it can do what the other side never would. */
final class RawPeer {
  static final long ID = 7;

  private final Broker broker;
  private final Inbox inbox;

  /** What has arrived in the inbox. */
  final List<Frame> received = new CopyOnWriteArrayList<>();

  /** First frames, of a peer that serves. */
  final List<Frame> requests = new CopyOnWriteArrayList<>();

  RawPeer(Broker broker) {
    this.broker = broker;
    this.inbox = broker.openInbox(message -> received.add(frame(message)));
  }

  /** Serves the calls to {@code service}, which means noting them. */
  RawPeer serving(String service) {
    broker.subscribe(Places.calls(service), Topic.WORKERS, 10, this::take);
    return this;
  }

  Serving serving() {
    return Serving.newBuilder().setInbox(inbox.address()).setCallId(ID).build();
  }

  /** Publishes the first frame of a call, complete with what every request has. */
  void begin(String method, Frame.Builder first) {
    begin(method, first, 5_000);
  }

  void begin(String method, Frame.Builder first, int heartbeatMillis) {
    Request request =
        Request.newBuilder()
            .setMethod(method)
            .setReplyTo(inbox.address())
            .setHeartbeatMillis(heartbeatMillis)
            .build();
    String service = method.substring(0, method.indexOf('/'));
    Frame frame = first.setCallId(ID).setRequest(request).build();
    broker.publish(Places.calls(service), Frames.message(frame)).toCompletableFuture().join();
  }

  /** Answers a first frame. */
  void answer(Frame request, int sequence, Frame.Builder answer) {
    send(request.getRequest().getReplyTo(), request.getCallId(), sequence, answer);
  }

  /** Sends a further frame to where the call is served. */
  void send(Serving to, int sequence, Frame.Builder frame) {
    send(to.getInbox(), to.getCallId(), sequence, frame);
  }

  /** Sends something that is no frame. */
  void garble(String address) {
    broker.send(address, Message.of(ByteString.copyFromUtf8("\377\377")));
  }

  Frame awaitRequest() {
    Awaitility.await().until(() -> !requests.isEmpty());
    return requests.getFirst();
  }

  Frame await(Predicate<Frame> wanted) {
    return Awaitility.await()
        .until(() -> received.stream().filter(wanted).findFirst(), Optional::isPresent)
        .orElseThrow();
  }

  static Frame.Builder order(String text) {
    return Frame.newBuilder().setMessage(Order.newBuilder().setText(text).build().toByteString());
  }

  static Frame.Builder answer(String text) {
    return Frame.newBuilder().setMessage(Answer.newBuilder().setText(text).build().toByteString());
  }

  private void send(String address, long call, int sequence, Frame.Builder frame) {
    Frame numbered = frame.setCallId(call).setSequence(sequence).build();
    broker.send(address, Frames.message(numbered));
  }

  private void take(Delivery delivery) {
    requests.add(frame(delivery.message()));
    delivery.settle(Outcome.DONE);
  }

  private static Frame frame(Message message) {
    try {
      return Frame.parseFrom(message.payload());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
