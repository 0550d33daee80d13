package io.anywire.http.grpc;

import io.anywire.call.InboundCall;
import io.anywire.wire.ServedMethod;

/** Keeps account of calls. Thread-safe. */
public interface CallOwner {

  /**
   * Begins a call by running {@code start}.
   *
   * @throws io.grpc.StatusRuntimeException when there must be no such call now
   */
  default void begin(ServedMethod<?, ?> method, Runnable start) {
    start.run();
  }

  /** A call has begun. */
  void begun(InboundCall<?, ?> call);

  /** A call holds nothing any more. */
  void released(InboundCall<?, ?> call);
}
