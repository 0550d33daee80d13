package io.anywire.messaging.publish;

import io.anywire.broker.Broker;
import io.anywire.broker.Publication;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** What distinguishes leaving a task from publishing an event. Thread-safe. */
public interface Publisher {

  /**
   * Refuses what cannot be published, before anything is sent.
   *
   * @throws io.grpc.StatusRuntimeException {@code UNIMPLEMENTED} for such a method
   */
  void check(MethodDescriptor<?, ?> method);

  /** Whether a call gets an empty response once its message is taken; else it gets none. */
  boolean answers();

  /**
   * The publication that a call is.
   *
   * @param request as the caller gave it
   * @param encoded the same as bytes
   * @throws io.grpc.StatusRuntimeException when it cannot be published
   */
  <ReqT> Publication publication(
      Broker broker,
      MethodDescriptor<ReqT, ?> method,
      CallOptions options,
      Metadata headers,
      ReqT request,
      byte[] encoded);
}
