package io.anywire.http.rest;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.util.OptionalLong;

/**
 * The {@code Retry-After} (RFC 9110, section 10.2.3) that a {@code google.rpc.RetryInfo} asks for.
 */
final class RetryHint {
  private RetryHint() {}

  /** Whole seconds, rounded up; empty where the status says nothing about it. */
  static OptionalLong of(Status status) {
    OptionalLong millis = millis(status);
    return millis.isPresent() ? OptionalLong.of(Math.ceilDiv(millis.getAsLong(), 1000)) : millis;
  }

  /** The same in milliseconds. */
  static OptionalLong millis(Status status) {
    for (Any detail : status.getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        try {
          Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
          long seconds = Math.clamp(delay.getSeconds(), 0, Integer.MAX_VALUE);
          return OptionalLong.of(
              Math.max(0, seconds * 1000 + Math.ceilDiv(delay.getNanos(), 1_000_000)));
        } catch (InvalidProtocolBufferException e) {
          return OptionalLong.empty();
        }
      }
    }
    return OptionalLong.empty();
  }
}
