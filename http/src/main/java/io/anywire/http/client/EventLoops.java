package io.anywire.http.client;

import io.anywire.http.netty.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The event loops of all clients of this process, on daemon threads {@code anywire-client-1} and so
 * on. They begin with the first client and end with the last. Thread-safe.
 */
final class EventLoops {
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final AtomicInteger THREADS = new AtomicInteger();
  private static final ThreadFactory FACTORY = EventLoops::thread;

  /** How long a loop that ends waits for tasks that come late. */
  private static final long QUIET_MILLIS = 100;

  private static final long END_LIMIT_MILLIS = 5000;

  private static @Nullable EventLoopGroup running;
  private static int clients;

  private EventLoops() {}

  /** A loop for a client, which gives it back by {@link #release}. */
  static EventLoop take() {
    LOCK.lock();
    try {
      EventLoopGroup group = running;
      if (group == null) {
        group = Transport.best().eventLoops(FACTORY);
        running = group;
      }
      clients++;
      return group.next();
    } finally {
      LOCK.unlock();
    }
  }

  /** A client has ended; once for each {@link #take}. */
  static void release() {
    LOCK.lock();
    try {
      EventLoopGroup group = running;
      if (--clients == 0 && group != null) {
        running = null;
        group.shutdownGracefully(QUIET_MILLIS, END_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      }
    } finally {
      LOCK.unlock();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new FastThreadLocalThread(work, "anywire-client-" + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
