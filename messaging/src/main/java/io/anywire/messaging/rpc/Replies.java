package io.anywire.messaging.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.messaging.envelope.Counted;
import io.anywire.messaging.rpc.v1.Frame;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The inbox of a channel and the calls that wait for something to arrive in it. A call is entered
 * before the inbox's address is read for its request, so that a loss of the connection is told
 * either to the call or by the address. Thread-safe.
 */
final class Replies implements InboxReceiver, AutoCloseable {
  private final Broker broker;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, QueueCall<?, ?>> waiting = new ConcurrentHashMap<>();
  private final Counted orphans;
  private final Counted malformed;
  private volatile @Nullable Inbox inbox;

  private Replies(Broker broker, String where) {
    this.broker = broker;
    this.orphans = new Counted("Dropped a reply to a call that had ended", where);
    this.malformed = new Counted("Dropped a reply that cannot be decoded", where);
  }

  static Replies open(Broker broker, WireUrl url) {
    if (!broker.capabilities().replies()) {
      throw Status.UNIMPLEMENTED
          .withDescription(url + " cannot carry calls: it lacks the capability 'replies'")
          .asRuntimeException();
    }
    Replies replies = new Replies(broker, url.toString());
    replies.inbox = broker.openInbox(replies);
    return replies;
  }

  Broker broker() {
    return broker;
  }

  /** Enters a call, and gives its id. */
  long enter(QueueCall<?, ?> call) {
    long id = lastId.incrementAndGet();
    waiting.put(id, call);
    return id;
  }

  /** The call waits no more. */
  void leave(long id) {
    waiting.remove(id);
  }

  /** Where replies are to be sent. */
  String address() {
    Inbox current = inbox;
    if (current == null) {
      throw new IllegalStateException("used before it was open");
    }
    return current.address();
  }

  long orphans() {
    return orphans.total();
  }

  @Override
  public void receive(Message message) {
    try {
      Frame frame = Frame.parseFrom(message.payload());
      QueueCall<?, ?> call =
          frame.hasStatus() ? waiting.remove(frame.getCallId()) : waiting.get(frame.getCallId());
      if (call == null) {
        orphans.add("call " + frame.getCallId());
      } else {
        call.reply(frame);
      }
    } catch (InvalidProtocolBufferException e) {
      malformed.add(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void lost() {
    Status status =
        Status.UNAVAILABLE.withDescription(
            "the connection to the broker was lost; whether the call was handled is unknown");
    for (Long id : List.copyOf(waiting.keySet())) {
      QueueCall<?, ?> call = waiting.remove(id);
      if (call != null) {
        call.end(status, new Metadata());
      }
    }
  }

  @Override
  public void close() {
    Inbox current = inbox;
    if (current != null) {
      current.close();
    }
  }
}
