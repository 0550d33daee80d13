package io.anywire.http.rest;

import com.google.protobuf.Any;
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
    for (Any detail : status.getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        try {
          RetryInfo info = detail.unpack(RetryInfo.class);
          int more = info.getRetryDelay().getNanos() > 0 ? 1 : 0;
          return OptionalLong.of(Math.max(0, info.getRetryDelay().getSeconds() + more));
        } catch (InvalidProtocolBufferException e) {
          return OptionalLong.empty();
        }
      }
    }
    return OptionalLong.empty();
  }
}
