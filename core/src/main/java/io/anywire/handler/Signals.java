package io.anywire.handler;

import io.grpc.Status;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of a streaming call waits and where the call's callbacks wake it.
 *
 * <p>A waiter notes the {@link #epoch()}, looks whether it can go on, and if not waits for a later
 * epoch; so nothing is missed, and no foreign code is called under the lock. Thread-safe.
 */
final class Signals {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition raised = lock.newCondition();
  private long epoch;
  private @Nullable Status end;

  /** Returns the number of signals so far; throws the end's status if there was one. */
  long epoch() {
    lock.lock();
    try {
      throwIfEnded();
      return epoch;
    } finally {
      lock.unlock();
    }
  }

  /** Blocks until there were more signals than {@code seen}; throws the end's status. */
  void awaitAfter(long seen) {
    lock.lock();
    try {
      while (epoch == seen && end == null) {
        raised.await();
      }
      throwIfEnded();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED
          .withDescription("The handler's thread was interrupted")
          .withCause(e)
          .asRuntimeException();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the waiter to look again. */
  void raise() {
    lock.lock();
    try {
      epoch++;
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the waiter, and fails every later wait, with this status; the first end counts. */
  void end(Status status) {
    lock.lock();
    try {
      if (end == null) {
        end = status;
      }
      raised.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void throwIfEnded() {
    if (end != null) {
      throw end.asRuntimeException();
    }
  }
}
