package io.anywire.conformance;

import io.anywire.call.WireChannel;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;

/**
 * A channel for the matrix over what only foreign clients speak to our servers: gRPC-Web, and gRPC
 * over HTTP/3. It takes in what comes, without flow control of its own. Thread-safe.
 */
final class FramedChannel extends WireChannel {
  private final FramedTransport transport;

  FramedChannel(FramedTransport transport) {
    this.transport = transport;
  }

  @Override
  public String authority() {
    return transport.authority();
  }

  @Override
  protected <ReqT, RespT> ClientCall<ReqT, RespT> call(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    return new FramedCall<>(transport, method, options);
  }

  @Override
  protected void release() {
    transport.close();
  }
}
