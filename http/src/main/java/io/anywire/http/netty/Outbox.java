package io.anywire.http.netty;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be written to one connection, or to the connections of one client: any thread adds
 * steps, the event loop runs all that wait and flushes once. A burst costs one wake-up, and one
 * system call.
 *
 * <p>While a connection reads, steps added by its own event loop wait for the end of the read.
 */
public final class Outbox implements Executor {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final EventLoop loop;
  private final Runnable flush;
  private final Queue<Runnable> waiting = new MpscUnboundedAtomicArrayQueue<>(64);
  private final AtomicBoolean awake = new AtomicBoolean();
  private final Runnable drain = this::drainAndFlush;
  private final CallThreads virtualThreads;

  // Touched by the event loop only.
  private final List<ServedExchange> holding = new ArrayList<>();
  private boolean reading;
  private long unread;

  /**
   * @param flush writes to the socket what has been given to the channel
   */
  public Outbox(EventLoop loop, Runnable flush) {
    this.loop = loop;
    this.flush = flush;
    this.virtualThreads = CallThreads.of(loop);
  }

  /** Where the calls of this connection's exchanges run, unless on the event loop. */
  Executor virtualThreads() {
    return virtualThreads;
  }

  /** Runs at once when on the event loop, later on it otherwise. */
  @Override
  public void execute(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  /** Adds a step; from any thread. Steps run in the order in which they were added. */
  public void add(Runnable step) {
    waiting.add(step);
    if (loop.inEventLoop() && reading) {
      return;
    }
    if (awake.compareAndSet(false, true)) {
      try {
        loop.execute(drain);
      } catch (RejectedExecutionException e) {
        log.debug("Something was to be written after the event loop had ended");
      }
    }
  }

  /** The connection has begun to read: own steps wait for {@link #readComplete}. */
  public void reading() {
    reading = true;
  }

  /** The read is over. The caller flushes. */
  public void readComplete() {
    reading = false;
    drain();
  }

  /** An exchange holds something back; it is told to let go at the end of the drain. */
  void hold(ServedExchange exchange) {
    holding.add(exchange);
  }

  /** So many bytes of responses more, or less, wait for the client. */
  void unread(int bytes) {
    unread += bytes;
  }

  /** How many bytes of all responses wait for the client. */
  long unread() {
    return unread;
  }

  private void drainAndFlush() {
    awake.set(false);
    drain();
    flush.run();
  }

  private void drain() {
    @Nullable Runnable step;
    while ((step = waiting.poll()) != null) {
      try {
        step.run();
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("Something could not be written");
      }
    }
    for (ServedExchange exchange : holding) {
      exchange.releaseHeld();
    }
    holding.clear();
  }
}
