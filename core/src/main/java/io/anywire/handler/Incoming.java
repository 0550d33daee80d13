package io.anywire.handler;

import java.util.Iterator;

/**
 * The requests of a client-streaming or bidirectional call, in the order in which they were sent.
 * Can be passed through once, by {@link #hasNext()} and {@link #next()} or by a {@code for} loop.
 *
 * <p>{@code hasNext} blocks until a request is there or the caller has half-closed. At most one
 * request waits in memory: the next one is asked for when one is taken, so that a slow handler
 * slows its caller down. When the call is cancelled or its deadline passes, {@code hasNext} and
 * {@code next} throw {@link io.grpc.StatusRuntimeException} ({@code CANCELLED} or {@code
 * DEADLINE_EXCEEDED}), at once even if a request is waiting; so does an interrupt, which stays set.
 *
 * <p>For one thread at a time.
 *
 * @param <T> the request type
 */
public interface Incoming<T> extends Iterator<T>, Iterable<T> {

  /** Returns this object: what was taken before is not seen again. */
  @Override
  default Iterator<T> iterator() {
    return this;
  }

  /** Returns the given requests as a stream, to call a handler's method in plain Java. */
  static <T> Incoming<T> of(Iterable<? extends T> requests) {
    Iterator<? extends T> remaining = requests.iterator();
    return new Incoming<>() {
      @Override
      public boolean hasNext() {
        return remaining.hasNext();
      }

      @Override
      public T next() {
        return remaining.next();
      }
    };
  }
}
