package io.anywire.http.netty;

import io.anywire.call.Threads;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Starts a virtual thread for each call that an event loop hands over. Calls that come in one turn
 * of the loop, by whatever connection, start together: one thread is started from here, and starts
 * the others before it runs its own call. So a burst wakes the threads' scheduler once.
 *
 * <p>One for each event loop; thread-safe.
 */
final class CallThreads implements Executor {
  private static final FastThreadLocal<CallThreads> OF_THE_LOOP = new FastThreadLocal<>();

  private final EventLoop loop;

  // Touched by the event loop only.
  private List<Runnable> waiting = new ArrayList<>();

  private CallThreads(EventLoop loop) {
    this.loop = loop;
  }

  static CallThreads of(EventLoop loop) {
    if (!loop.inEventLoop()) {
      return new CallThreads(loop);
    }
    CallThreads known = OF_THE_LOOP.get();
    if (known == null) {
      known = new CallThreads(loop);
      OF_THE_LOOP.set(known);
    }
    return known;
  }

  @Override
  public void execute(Runnable call) {
    if (!loop.inEventLoop()) {
      Threads.VIRTUAL.execute(call);
      return;
    }
    if (waiting.isEmpty()) {
      loop.execute(this::start);
    }
    waiting.add(call);
  }

  private void start() {
    List<Runnable> calls = waiting;
    if (calls.size() == 1) {
      Threads.VIRTUAL.execute(calls.getFirst());
      calls.clear();
      return;
    }
    waiting = new ArrayList<>();
    Threads.VIRTUAL.execute(() -> {
      for (int i = 1; i < calls.size(); i++) {
        Threads.VIRTUAL.execute(calls.get(i));
      }
      calls.getFirst().run();
    });
  }
}
