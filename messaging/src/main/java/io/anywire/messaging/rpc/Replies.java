package io.anywire.messaging.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.call.InFlight;
import io.anywire.call.Threads;
import io.anywire.messaging.envelope.Counted;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Serving;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbox of a channel and the calls that wait for something to arrive in it. A call is entered
 * before the inbox's address is read for its request, so that a loss of the connection is told
 * either to the call or by the address. Thread-safe.
 */
final class Replies implements InboxReceiver, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Replies.class);
  private static final Duration LONGEST_LEAVING = Duration.ofSeconds(1);
  private static final com.google.rpc.Status LOST =
      RpcStatus.of(
          Status.Code.UNAVAILABLE,
          "the connection to the broker was lost; whether the call was handled is unknown");

  private final Broker broker;
  private final InFlight leaving = new InFlight();
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

  /** Whether no call waits. */
  boolean isIdle() {
    return waiting.isEmpty();
  }

  long orphans() {
    return orphans.total();
  }

  /**
   * Tells the serving instance of a call that nobody waits any more. Returns at once; {@link
   * #close} waits for it.
   */
  void tellCancelled(Serving serving) {
    leaving.enter();
    Threads.VIRTUAL.execute(() -> {
      try {
        Peer.of(broker, serving).send(Frames.cancel());
      } catch (StatusRuntimeException e) {
        // The other side will miss signs of life, or reach the deadline.
        log.atDebug().setCause(e).log("A cancellation could not be sent");
      } finally {
        leaving.exit();
      }
    });
  }

  @Override
  public void receive(Message message) {
    try {
      Frame frame = Frame.parseFrom(message.payload());
      QueueCall<?, ?> call = waiting.get(frame.getCallId());
      boolean wanted = call != null && call.receive(frame);
      if (!wanted && frame.hasStatus()) {
        orphans.add("call " + frame.getCallId());
      } else if (!wanted && frame.hasServing()) {
        tellCancelled(frame.getServing());
      }
    } catch (InvalidProtocolBufferException e) {
      malformed.add(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void lost() {
    for (Long id : List.copyOf(waiting.keySet())) {
      QueueCall<?, ?> call = waiting.remove(id);
      if (call != null) {
        call.tellCancelled();
        call.end(LOST);
      }
    }
  }

  @Override
  public void close() {
    awaitTold();
    Inbox current = inbox;
    if (current != null) {
      current.close();
    }
  }

  private void awaitTold() {
    try {
      leaving.awaitIdle(LONGEST_LEAVING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
