package io.anywire.http.client;

import io.anywire.call.Threads;
import io.grpc.ConnectivityState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A client's state as gRPC names it, and who wants to know when it changes. Thread-safe. */
final class Connectivity {
  private final ReentrantLock lock = new ReentrantLock();
  private volatile ConnectivityState state = ConnectivityState.IDLE;
  private List<Runnable> watchers = new ArrayList<>();

  ConnectivityState state() {
    return state;
  }

  /** Changes the state, unless it is the final one. */
  void become(ConnectivityState next) {
    if (state == next) {
      return;
    }
    List<Runnable> told;
    lock.lock();
    try {
      if (state == ConnectivityState.SHUTDOWN) {
        return;
      }
      state = next;
      told = watchers;
      watchers = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    told.forEach(Threads.VIRTUAL::execute);
  }

  /** Runs {@code callback} once, when the state is not {@code source} any more. */
  void watch(ConnectivityState source, Runnable callback) {
    lock.lock();
    try {
      if (state == source) {
        watchers.add(callback);
        return;
      }
    } finally {
      lock.unlock();
    }
    Threads.VIRTUAL.execute(callback);
  }
}
