package io.anywire.broker.remote;

import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;

/** How much of something one connection has, of as much as it may. Thread-safe. */
final class Quota {
  private final String what;
  private final long most;
  private final AtomicLong taken = new AtomicLong();

  /**
   * @param what as a message names it, {@code subscriptions}
   */
  Quota(String what, long most) {
    this.what = what;
    this.most = most;
  }

  /**
   * Takes some.
   *
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} when that is too much; then
   *     nothing is taken
   */
  void take(long amount) {
    long now = taken.addAndGet(amount);
    if (now > most) {
      taken.addAndGet(-amount);
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("%s of one connection: %d (expected: <= %d)".formatted(what, now, most))
          .asRuntimeException();
    }
  }

  void give(long amount) {
    taken.addAndGet(-amount);
  }
}
