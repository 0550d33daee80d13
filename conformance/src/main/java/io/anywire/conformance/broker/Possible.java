package io.anywire.conformance.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Operations.Tail;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** What an engine may be unable to do, and then says so. */
final class Possible {
  private Possible() {}

  /**
   * Tries an operation.
   *
   * @return whether the engine cannot do it, and says what it lacks
   */
  static boolean not(Stages.Call operation) {
    try {
      Object result = operation.run();
      if (result instanceof Tail tail) {
        tail.close();
      }
      return false;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw e;
      }
      assertThat(e.getStatus().getDescription()).isNotEmpty();
      return true;
    } catch (Exception e) {
      throw new AssertionError("threw " + e + " (expected: a status)", e);
    }
  }
}
