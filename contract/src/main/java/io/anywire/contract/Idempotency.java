package io.anywire.contract;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;

/**
 * What the contract says about calling a method twice, from the standard {@code idempotency_level}.
 */
public enum Idempotency {
  /** Nothing is known: a second call may have a second effect. */
  UNKNOWN,
  /** Safe: the method changes nothing, its answers may be cached. */
  NO_SIDE_EFFECTS,
  /** A second call with the same request has no further effect. */
  IDEMPOTENT;

  /** Whether a call may be repeated without asking anybody. */
  public boolean repeatable() {
    return this != UNKNOWN;
  }

  static Idempotency of(IdempotencyLevel level) {
    return switch (level) {
      case NO_SIDE_EFFECTS -> NO_SIDE_EFFECTS;
      case IDEMPOTENT -> IDEMPOTENT;
      case IDEMPOTENCY_UNKNOWN -> UNKNOWN;
    };
  }
}
