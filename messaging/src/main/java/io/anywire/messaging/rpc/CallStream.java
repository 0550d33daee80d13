package io.anywire.messaging.rpc;

import com.google.protobuf.ByteString;
import io.anywire.call.Threads;
import io.anywire.messaging.envelope.RpcStatus;
import io.anywire.messaging.rpc.v1.Frame;
import io.grpc.Status;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One side of a call that streams; caller and server have the same. It keeps order and flow of what
 * comes and goes, and knows whether the other side is there:
 *
 * <ul>
 *   <li>A frame that was counted before is dropped. One that comes too early tells that another was
 *       lost, and a message that was not granted that the other side does not keep to the protocol;
 *       both break the stream.
 *   <li>Every interval without anything from the other side counts as a missed sign of life; the
 *       one after {@value #MAY_MISS} breaks the stream. Intervals are counted as this side's timer
 *       comes round, so that a pause of this process does not count for more than one.
 * </ul>
 *
 * <p>Thread-safe; {@link #receive} is for one thread at a time.
 */
final class CallStream {
  private static final int MAY_MISS = 3;

  /** Whose stream it is. */
  interface Owner {
    /** The next frame, in order; called by the thread of {@link #receive}. */
    void received(Frame frame);

    /** {@link CallStream#isReady} has become true. */
    void becameReady();

    /** The status that was sent last has left. */
    void finished();

    /** The stream can go on no more; called once, and neither before nor after another end. */
    void broken(com.google.rpc.Status why);
  }

  private final Owner owner;
  private final long intervalMillis;
  private final Outflow out;
  private final Window window = new Window();
  private final AtomicInteger missed = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile @Nullable Future<?> heart;

  /** The number of the next frame. Touched by the receiving thread only. */
  private int expected;

  /**
   * @param firstIn the number of the first frame that is received
   * @param firstOut the number of the first frame that is sent
   * @param intervalMillis how often either side shows that it is there
   */
  CallStream(int firstIn, int firstOut, long intervalMillis, int maxFrameBytes, Owner owner) {
    this.expected = firstIn;
    this.intervalMillis = intervalMillis;
    this.owner = owner;
    this.out = new Outflow(firstOut, maxFrameBytes, new Sending());
  }

  /**
   * The other side is known, and both show from now on that they are there. Never blocks: what
   * waits is sent by the next step of {@link #out}.
   *
   * @param introduction goes along with the first frame that is sent
   * @param granted how many messages the other side has granted already
   */
  void connect(Peer to, Frame introduction, int granted) {
    heart =
        Threads.timerThread()
            .scheduleWithFixedDelay(
                () -> Threads.VIRTUAL.execute(this::beat),
                intervalMillis,
                intervalMillis,
                TimeUnit.MILLISECONDS);
    if (over.get()) {
      stop();
    }
    out.connect(to, introduction, granted);
  }

  /** A frame has arrived. Never blocks. */
  void receive(Frame frame) {
    if (over.get()) {
      return;
    }
    missed.set(0);
    int early = frame.getSequence() - expected;
    if (early > 0) {
      lose(Status.Code.UNAVAILABLE, early + " frames of the call were lost");
    } else if (early == 0 && !frame.getAlive()) {
      expected++;
      accept(frame);
    }
  }

  /** What {@link #receive} gave was taken by whom it is for. */
  void taken() {
    int grant = over.get() ? 0 : window.taken();
    if (grant > 0) {
      out.grant(grant);
    }
  }

  /** What this side sends, until {@link #end} or {@link #isOver}. */
  Outflow out() {
    return out;
  }

  boolean isReady() {
    return out.isReady();
  }

  boolean isOver() {
    return over.get();
  }

  /** The call is over for this side: nothing that arrives counts any more, nothing is owed. */
  boolean stop() {
    Future<?> beating = heart;
    if (beating != null) {
      beating.cancel(false);
    }
    return over.compareAndSet(false, true);
  }

  /** Stops, and sends nothing any more. Never blocks. */
  void abandon() {
    stop();
    out.abandon();
  }

  /** Stops, and says so to the other side, where it is known, whatever else waits to be sent. */
  void end(Frame.Builder last) {
    if (stop()) {
      out.end(last);
    }
  }

  private void accept(Frame frame) {
    out.granted(frame.getCredit());
    ByteString message = frame.getMessage();
    if (frame.hasMessage() && !window.arrived(message.size())) {
      lose(Status.Code.INTERNAL, "a message that was not granted");
    } else {
      owner.received(frame);
    }
  }

  private void beat() {
    if (over.get()) {
      return;
    }
    if (missed.incrementAndGet() > MAY_MISS) {
      lose(
          Status.Code.UNAVAILABLE,
          "the other side has shown no life for " + MAY_MISS * intervalMillis + " ms");
    } else {
      out.showLife(TimeUnit.MILLISECONDS.toNanos(intervalMillis) / 2);
    }
  }

  private void lose(Status.Code code, String why) {
    if (stop()) {
      owner.broken(RpcStatus.of(code, why));
    }
  }

  private final class Sending implements Outflow.Events {
    @Override
    public void ready() {
      owner.becameReady();
    }

    @Override
    public void finished() {
      if (stop()) {
        owner.finished();
      }
    }

    @Override
    public void failed(RuntimeException failure) {
      if (stop()) {
        owner.broken(RpcStatus.of(failure));
      }
    }
  }
}
