package io.anywire.messaging.rpc;

import io.anywire.call.Threads;
import io.anywire.messaging.rpc.v1.Frame;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a stream sends. Invariants:
 *
 * <ul>
 *   <li>Frames get their numbers under the lock, as they are sent: numbers and order agree.
 *   <li>What is {@link #add added} leaves in order. A message waits until the other side is known
 *       and has granted it, and so does what was added behind it; grants, signs of life and the end
 *       {@link #end by force} overtake.
 *   <li>{@link #ready} says whether a message added now would leave at once. Each time it becomes
 *       true again {@link Events#ready} is told, after the lock was left.
 *   <li>After the last frame, or a failure to send, nothing is sent or kept any more.
 * </ul>
 *
 * <p>Credit is added without the lock, which may be held by somebody who waits for the broker: the
 * thread of an inbox must not. Thread-safe.
 */
final class Outflow {
  /** Called by whichever thread it happened in, with no lock held. */
  interface Events {
    /** {@link Outflow#isReady} has become true. */
    void ready();

    /** The status, added before, has left. */
    void finished();

    /** Nothing can be sent any more. */
    void failed(RuntimeException failure);
  }

  private final int maxFrameBytes;
  private final Events events;
  private final AtomicInteger credit = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Peer peer;
  private volatile boolean ready;
  private volatile boolean over;
  private volatile long lastSent = System.nanoTime();

  // Touched under the lock only.
  private final Deque<Frame.Builder> waiting = new ArrayDeque<>();
  private @Nullable Frame introduction;
  private int next;
  private boolean finished;
  private @Nullable RuntimeException failure;

  /**
   * @param first the number of the first frame
   * @param maxFrameBytes what the broker takes
   */
  Outflow(int first, int maxFrameBytes, Events events) {
    this.next = first;
    this.maxFrameBytes = maxFrameBytes;
    this.events = events;
  }

  /**
   * The other side is known from now on; called once. Never blocks: what waits is sent by {@link
   * #flush}.
   *
   * @param introduced goes along with the first frame, unless it is empty
   * @param granted how many messages the other side has granted already
   */
  void connect(Peer to, Frame introduced, int granted) {
    introduction = introduced.equals(Frame.getDefaultInstance()) ? null : introduced;
    credit.getAndAdd(granted);
    peer = to;
  }

  /** Sends what may leave. */
  void flush() {
    step(() -> {});
  }

  /**
   * Sends in order, as far as the other side has granted.
   *
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} when the broker would not
   *     take so large a frame
   */
  void add(Frame.Builder frame) {
    Frames.requireFits(frame, maxFrameBytes);
    step(() -> waiting.add(frame));
  }

  /** Says, in order, that there are no more messages; with the last of them where it waits. */
  void addHalfClose() {
    step(() -> {
      Frame.Builder last = waiting.peekLast();
      if (last == null) {
        waiting.add(Frame.newBuilder().setHalfClose(true));
      } else {
        last.setHalfClose(true);
      }
    });
  }

  /** Grants messages to the other side, which is known since it has sent some; at once. */
  void grant(int messages) {
    step(() -> sendNow(Frame.newBuilder().setCredit(messages)));
  }

  /** Sends the introduction alone, unless it has gone. */
  void introduce() {
    step(() -> {
      if (introduction != null) {
        sendNow(Frame.newBuilder());
      }
    });
  }

  /** Sends a sign of life, unless something was sent within {@code nanos}. */
  void showLife(long nanos) {
    if (System.nanoTime() - lastSent < nanos) {
      return;
    }
    step(() -> {
      Peer to = peer;
      if (introduction != null) {
        sendNow(Frame.newBuilder());
      } else if (to != null && !over) {
        send(to, Frame.newBuilder().setSequence(next).setAlive(true));
      }
    });
  }

  /** Sends a last frame at once, and forgets what waits. */
  void end(Frame.Builder last) {
    step(() -> {
      sendNow(last);
      over = true;
    });
  }

  /** Sends nothing any more. Never blocks. */
  void abandon() {
    over = true;
  }

  /** The other side has granted so many messages more. Never blocks. */
  void granted(int messages) {
    if (messages > 0 && credit.getAndAdd(messages) == 0) {
      Threads.VIRTUAL.execute(this::flush);
    }
  }

  boolean isReady() {
    return ready;
  }

  /** Takes a step under the lock, sends what may leave, and tells what came of it. */
  private void step(Runnable change) {
    boolean becameReady;
    boolean hasFinished;
    RuntimeException failed;
    lock.lock();
    try {
      change.run();
      sendWaiting();
      boolean readyNow = !over && peer != null && waiting.isEmpty() && credit.get() > 0;
      becameReady = readyNow && !ready;
      ready = readyNow;
      hasFinished = finished;
      finished = false;
      failed = failure;
      failure = null;
    } finally {
      lock.unlock();
    }
    tell(becameReady, hasFinished, failed);
  }

  private void tell(boolean becameReady, boolean hasFinished, @Nullable RuntimeException failed) {
    if (failed != null) {
      events.failed(failed);
    } else if (hasFinished) {
      events.finished();
    } else if (becameReady) {
      events.ready();
    }
  }

  private void sendWaiting() {
    while (!over && peer != null && !waiting.isEmpty()) {
      Frame.Builder first = waiting.element();
      if (first.hasMessage() && credit.get() <= 0) {
        return;
      }
      waiting.remove();
      if (first.hasMessage()) {
        credit.decrementAndGet();
      }
      sendNow(first);
      if (first.hasStatus() && !over) {
        over = true;
        finished = true;
      }
    }
    if (over) {
      waiting.clear();
    }
  }

  /** Sends a frame that counts. */
  private void sendNow(Frame.Builder frame) {
    Peer to = peer;
    if (to == null || over) {
      return;
    }
    if (introduction != null) {
      frame.mergeFrom(introduction);
      introduction = null;
    }
    send(to, frame.setSequence(next++));
  }

  private void send(Peer to, Frame.Builder frame) {
    try {
      to.send(frame);
      lastSent = System.nanoTime();
    } catch (RuntimeException e) {
      // Drivers fail by a status; anything else is a failure to send all the same.
      over = true;
      failure =
          Status.fromThrowable(e).getCode() == Status.Code.UNKNOWN
              ? Status.UNAVAILABLE
                  .withDescription("a frame could not be sent")
                  .withCause(e)
                  .asRuntimeException()
              : e;
    }
  }
}
