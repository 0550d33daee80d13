package io.anywire.messaging.rpc;

import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.messaging.deliver.Settling;
import io.anywire.messaging.rpc.v1.Frame;
import io.grpc.Deadline;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A request that a server has been given. Immutable.
 *
 * @param frame the first of the call
 * @param deadline the caller's, or null where it has none
 * @param answers what carries frames back to callers
 */
record Taken(
    Delivery delivery,
    Frame frame,
    Metadata headers,
    @Nullable Deadline deadline,
    Answers answers) {

  /** What bounds the handling: none where the caller only waited for a server to take the call. */
  @Nullable Deadline handlingDeadline() {
    boolean started =
        frame.getRequest().getTimeoutUntilTaken() && deadline != null && !deadline.isExpired();
    return started ? null : deadline;
  }

  /** Sends a frame to the caller; what cannot be sent is counted and dropped. May block. */
  void answer(Frame.Builder answer) {
    answers.send(frame, answer);
  }

  /** The broker is not to deliver it again. */
  void settle() {
    Settling.settle(delivery, Outcome.DONE);
  }

  /**
   * Settles, then goes on with {@code begin}; with {@code given} where the broker has taken the
   * request back: another server may have it then.
   */
  void settledFirst(Runnable begin, Runnable given) {
    var unused =
        Settling.started(() -> delivery.settle(Outcome.DONE))
            .whenComplete((settled, failure) -> (failure == null ? begin : given).run());
  }
}
