package io.anywire.messaging.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.broker.Broker;
import io.anywire.broker.Inbox;
import io.anywire.broker.InboxReceiver;
import io.anywire.broker.Message;
import io.anywire.call.Threads;
import io.anywire.messaging.envelope.Counted;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Serving;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The private inbox of a serving instance, and the calls that run there: what callers send after
 * their first frames arrives in it. A call that has taken {@value #ANNOUNCED_AFTER_MILLIS} ms tells
 * its caller where it is served, so that the caller can cancel it; quicker ones are answered by
 * then, and cost one frame each way. Thread-safe.
 */
public final class ServingInbox implements InboxReceiver, AutoCloseable {
  private static final int ANNOUNCED_AFTER_MILLIS = 100;

  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, Entered> running = new ConcurrentHashMap<>();
  private final AtomicBoolean announcing = new AtomicBoolean();
  private final Counted malformed;
  private volatile @Nullable Inbox inbox;

  /** A call, whose it is, and when it was entered. */
  private record Entered(RpcServer server, ServedCall call, long since, AtomicBoolean announced) {

    boolean isDue(long now) {
      return now - since >= TimeUnit.MILLISECONDS.toNanos(ANNOUNCED_AFTER_MILLIS)
          && announced.compareAndSet(false, true);
    }
  }

  private ServingInbox(String where) {
    this.malformed = new Counted("Dropped a frame that cannot be decoded", where);
  }

  /**
   * Opens an inbox at a broker.
   *
   * @param where the broker's URL, for the log
   */
  public static ServingInbox open(Broker broker, String where) {
    ServingInbox serving = new ServingInbox(where);
    serving.inbox = broker.openInbox(serving);
    return serving;
  }

  /** The number of the next call. */
  long nextId() {
    return lastId.incrementAndGet();
  }

  /** Enters a call that {@code server} is about to begin. */
  void enter(long id, RpcServer server, ServedCall call) {
    running.put(id, new Entered(server, call, System.nanoTime(), new AtomicBoolean()));
    if (!announcing.get()) {
      announceLater();
    }
  }

  /** The call is over. */
  void leave(long id) {
    running.remove(id);
  }

  /** Ends what {@code server} runs. */
  void interrupt(RpcServer server, Status why) {
    running.values().stream()
        .filter(e -> e.server() == server)
        .forEach(e -> e.call().interrupt(why));
  }

  /**
   * Where further frames of a call go.
   *
   * @throws StatusRuntimeException {@code UNAVAILABLE} while there is no connection
   */
  Serving serving(long id) {
    Inbox open = inbox;
    if (open == null) {
      throw new IllegalStateException("used before it was open");
    }
    return Serving.newBuilder().setInbox(open.address()).setCallId(id).build();
  }

  @Override
  public void receive(Message message) {
    try {
      Frame frame = Frame.parseFrom(message.payload());
      Entered entered = running.get(frame.getCallId());
      // None where the call has ended while the frame was on its way.
      if (entered != null) {
        entered.call().receive(frame);
      }
    } catch (InvalidProtocolBufferException e) {
      malformed.add(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void lost() {
    running.values().forEach(entered -> entered.call().inboxLost());
  }

  @Override
  public void close() {
    Inbox open = inbox;
    if (open != null) {
      open.close();
    }
  }

  private void announceLater() {
    if (announcing.compareAndSet(false, true)) {
      var unused =
          Threads.timerThread()
              .schedule(
                  () -> Threads.VIRTUAL.execute(this::announce),
                  ANNOUNCED_AFTER_MILLIS,
                  TimeUnit.MILLISECONDS);
    }
  }

  private void announce() {
    announcing.set(false);
    long now = System.nanoTime();
    running.forEach((id, entered) -> {
      if (entered.isDue(now)) {
        announce(id, entered.call());
      } else if (!entered.announced().get()) {
        announceLater();
      }
    });
  }

  private void announce(long id, ServedCall call) {
    try {
      call.announce(serving(id));
    } catch (StatusRuntimeException e) {
      // No connection: the caller cannot reach the call, and learns of the loss by itself.
      Threads.VIRTUAL.execute(call::inboxLost);
    }
  }
}
