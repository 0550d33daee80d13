package io.anywire.conformance.crash;

import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Set;

/** Failures that the load met. Thread-safe. */
record Failures(Complaints complaints) {
  /** What one meets whose broker is killed, or full. */
  private static final Set<Code> EXPECTED =
      Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED, Code.RESOURCE_EXHAUSTED);

  /** Complains about one that a killed broker does not explain. */
  void note(String doing, Throwable failure) {
    Status status = Status.fromThrowable(failure);
    if (!EXPECTED.contains(status.getCode())) {
      complaints.add(Wrong.UNEXPECTED, doing + ": " + status);
    }
  }
}
