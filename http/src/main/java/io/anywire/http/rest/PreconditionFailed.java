package io.anywire.http.rest;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.anywire.http.exchange.Exchange;
import io.netty.handler.codec.http2.DefaultHttp2Headers;

/**
 * The answer to a request that is meant for another version: 412 (RFC 9110, section 15.5.13). As a
 * status it is {@code ABORTED}, which AIP-154 asks of a method whose {@code etag} does not match,
 * with the reason {@code ETAG_MISMATCH}; a handler that fails with that reason means the same.
 */
final class PreconditionFailed {
  static final int HTTP_STATUS = 412;
  static final String REASON = "ETAG_MISMATCH";

  private static final Status STATUS =
      Status.newBuilder()
          .setCode(Code.ABORTED_VALUE)
          .setMessage("the resource is not in the version that the request is meant for")
          .addDetails(
              Any.pack(ErrorInfo.newBuilder().setReason(REASON).setDomain("anywire").build()))
          .build();

  private PreconditionFailed() {}

  static void answer(Exchange exchange, Representations representations) {
    Answers.problem(exchange, HTTP_STATUS, STATUS, new DefaultHttp2Headers(false), representations);
  }

  /** Whether a handler's status says so. */
  static boolean isMeantBy(Status status) {
    boolean code =
        status.getCode() == Code.ABORTED_VALUE
            || status.getCode() == Code.FAILED_PRECONDITION_VALUE;
    return code && Problem.reason(status).filter(REASON::equals).isPresent();
  }
}
