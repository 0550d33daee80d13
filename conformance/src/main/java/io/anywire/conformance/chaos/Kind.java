package io.anywire.conformance.chaos;

/** What is sent. */
enum Kind {
  /** A unary call that must not be repeated. */
  CALL,
  /** A unary call that is idempotent by contract. */
  READ,
  /** A call with a stream of responses. */
  STREAM,
  /** A task that is left. */
  TASK,
  /** The wait for a task's result. */
  RESULT,
  /** An event with an ordering key. */
  EVENT;

  /** Whether a broker takes responsibility for it. */
  boolean isKept() {
    return this == TASK || this == EVENT;
  }

  /** Whether it is answered by a handler. */
  boolean isCall() {
    return this == CALL || this == READ || this == STREAM;
  }
}
